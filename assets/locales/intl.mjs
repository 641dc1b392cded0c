// Writes what ICU says of numbers and dates, as src/locale/tests.rs compares it: node intl.mjs > intl.tsv
const tags = ["de","de-AT","de-CH","de-LI","en-AU","en-CA","en-CH","en-GB","en-IE","en-IN","en-NZ","en-US","en-ZA","es","es-AR","es-CL","es-CO","es-MX","es-US","fr","fr-BE","fr-CA","fr-LU","it","it-CH","ja","nl","nl-BE","pl","pt","pt-PT"];
const home = {de:"EUR","de-AT":"EUR","de-CH":"CHF","de-LI":"CHF","en-AU":"AUD","en-CA":"CAD","en-CH":"CHF","en-GB":"GBP","en-IE":"EUR","en-IN":"INR","en-NZ":"NZD","en-US":"USD","en-ZA":"ZAR",es:"EUR","es-AR":"ARS","es-CL":"CLP","es-CO":"COP","es-MX":"MXN","es-US":"USD",fr:"EUR","fr-BE":"EUR","fr-CA":"CAD","fr-CH":"CHF","fr-LU":"EUR",it:"EUR","it-CH":"CHF",ja:"JPY",nl:"EUR","nl-BE":"EUR",pl:"PLN",pt:"BRL","pt-PT":"EUR"};
const at = (day) => new Date(day + "T12:00Z");
const escape = (text) => text.replace(/[^\x20-\x7e]/g, (c) => /[\p{L}\p{Sc}–・年月日～’]/u.test(c) ? c : `\\u{${c.codePointAt(0).toString(16)}}`);
console.log("# tag, currency, amounts, an amount in dollars, a number, a rate, a date and three ranges, by Intl of ICU " + process.versions.icu + " with CLDR " + process.versions.cldr);
for (const tag of tags) {
  const money = (currency, display) => new Intl.NumberFormat(tag, { style: "currency", currency, currencyDisplay: display, minimumFractionDigits: ["JPY", "CLP"].includes(currency) ? 0 : 2 });
  const own = money(home[tag], "symbol");
  const date = new Intl.DateTimeFormat(tag, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
  const ranges = [["2020-06-19", "2020-06-27"], ["2020-06-27", "2020-07-27"], ["2020-12-27", "2021-01-27"]];
  console.log([tag, home[tag], own.format(1234), own.format(-1234), own.format(12345678), money("ETB", "code").format(-98765),
    new Intl.NumberFormat(tag, { minimumFractionDigits: 3 }).format(1234567.125), new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 2 }).format(-0.055),
    date.format(at("2020-09-09")), ...ranges.map(([a, b]) => date.formatRange(at(a), at(b)))].map(escape).join("\t"));
}
