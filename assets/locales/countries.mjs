// Writes what countries are called, as src/locale/country.rs reads it: node countries.mjs > countries.tsv
const tags = ["en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt"];
// Words of their own in other official languages than the most frequent one.
const own = { BE: ["fr", "de"], CH: ["fr", "it", "rm"], FI: ["sv"], IE: ["ga"], LU: ["fr", "de"], CY: ["tr"], NO: ["nn"], SG: ["zh", "ms"], IN: ["hi"], ZA: ["af"], CA: ["fr"] };
const short = { GB: ["UK", "U.K.", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland"], US: ["USA", "U.S.A.", "U.S.", "United States of America"],
  NL: ["The Netherlands", "Holland"], CZ: ["Czech Republic", "Česká republika"], IE: ["Republic of Ireland"], GR: ["EL", "Hellas"], AE: ["UAE"], SK: ["Slovak Republic"],
  KR: ["Republic of Korea"], TR: ["Turkey", "Türkei", "Turquie", "Turquía", "Turchia", "Turkije", "Turcja", "Turquia"] };
const names = (tag) => new Intl.DisplayNames(tag, { type: "region", fallback: "none" });
const all = tags.map(names);
console.log("# code and names of each country, by Intl of ICU " + process.versions.icu + " with CLDR " + process.versions.cldr);
for (let i = 0; i < 676; i++) {
  const code = String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26));
  if (["EU", "EZ", "UN", "ZZ", "XA", "XB", "XK"].includes(code) || !all[0].of(code) || new Intl.Locale("und-" + code).maximize().region !== code) continue;
  if (Intl.getCanonicalLocales("und-" + code)[0] !== "und-" + code) continue;
  const local = [new Intl.Locale("und-" + code).maximize().language, ...(own[code] ?? [])].map((tag) => names(tag).of(code));
  console.log([...new Set([code, ...all.map((it) => it.of(code)), ...local, ...(short[code] ?? [])])].filter(Boolean).join("\t"));
}
