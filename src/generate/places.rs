//! The places of customers: time zones, currencies, streets and names in many scripts, with the
//! quotes, commas and apostrophes of real names.

/// The city of a customer.
#[derive(Debug)]
pub(crate) struct Place {
    /// Country, region, city, postal code and street, as printed.
    pub(crate) address: [&'static str; 5],
    /// The IANA name; empty if the export omits it and the company's zone applies.
    pub(crate) timezone: &'static str,
    /// ISO 4217.
    pub(crate) currency: &'static str,
    /// The prefix of tax numbers, if reverse charge applies to customers there.
    pub(crate) reverse_charge: Option<&'static str>,
    /// Names of people and of firms.
    pub(crate) names: &'static [&'static str],
}

/// The seller is in Germany, so reverse charge does not apply there.
pub(crate) const PLACES: [Place; 24] = [
    Place {
        address: ["United States", "CA", "San Francisco", "94104", "Market Street"],
        timezone: "America/Los_Angeles",
        currency: "USD",
        reverse_charge: None,
        names: &[
            "Northwind Analytics, Inc.",
            "O'Malley & Sons",
            "The \"Good\" Bakery LLC",
            "Ada Ng",
        ],
    },
    Place {
        address: ["United States", "NY", "New York", "10013", "Canal Street"],
        timezone: "America/New_York",
        currency: "USD",
        reverse_charge: None,
        names: &["Hudson, Pike & Partners LLP", "D'Angelo Media", "Blue Heron Co-op", "Ruth Stein"],
    },
    Place {
        address: ["United States", "HI", "Honolulu", "96813", "Mill Lane"],
        timezone: "Pacific/Honolulu",
        currency: "USD",
        reverse_charge: None,
        names: &["Atlas Mapping Co-op", "Kalākaua Surf School", "Pāhoa Farms, LLC"],
    },
    Place {
        address: ["Canada", "NL", "St. John's", "A1C 5S7", "Water Street"],
        timezone: "America/St_Johns",
        currency: "USD",
        reverse_charge: None,
        names: &["St. John's Harbour Pilots", "Signal Hill Data Ltd.", "Étienne Roy"],
    },
    Place {
        address: ["United Kingdom", "", "London", "EC1A 1BB", "King's Cross Road"],
        timezone: "Europe/London",
        currency: "GBP",
        reverse_charge: None,
        names: &["Sainsworth's Tea Ltd", "Brown, Green & White plc", "Zoë Hughes"],
    },
    Place {
        address: ["Germany", "", "Berlin", "10115", "Invalidenstraße"],
        timezone: "Europe/Berlin",
        currency: "EUR",
        reverse_charge: None,
        names: &["Müller & Söhne GmbH", "Größenwahn Verlag", "Jörg Weiß", "Café „Anna“ KG"],
    },
    Place {
        address: ["Ireland", "", "Dublin", "D02 X285", "O'Connell Street"],
        timezone: "Europe/Dublin",
        currency: "EUR",
        reverse_charge: Some("IE"),
        names: &["Ó Briain Teoranta", "Liffey Software Ltd", "Siobhán O'Neill"],
    },
    Place {
        address: ["France", "Île-de-France", "Paris", "75011", "rue de l'Église"],
        timezone: "Europe/Paris",
        currency: "EUR",
        reverse_charge: Some("FR"),
        names: &["L'Atelier d'Été, SARL", "Société Générale des Nuages", "Hélène Lefèvre"],
    },
    Place {
        address: ["Spain", "Galicia", "Santiago de Compostela", "15704", "Rúa do Franco"],
        timezone: "Europe/Madrid",
        currency: "EUR",
        reverse_charge: Some("ES"),
        names: &["Peña y Ñandú, S.L.", "Íñigo Muñoz", "Cooperativa «El Norte»"],
    },
    Place {
        address: ["Poland", "", "Łódź", "90-423", "ul. Piotrkowska"],
        timezone: "Europe/Warsaw",
        currency: "PLN",
        reverse_charge: Some("PL"),
        names: &["Łódzka Pracownia Sieci sp. z o.o.", "Zażółć Gęślą S.A.", "Świętosława Wójcik"],
    },
    Place {
        address: ["Finland", "", "Helsinki", "00100", "Mannerheimintie"],
        timezone: "Europe/Helsinki",
        currency: "EUR",
        reverse_charge: Some("FI"),
        names: &["Älykäs Pilvi Oy", "Järvinen & Mäkelä Ab", "Päivi Hämäläinen"],
    },
    Place {
        address: ["Greece", "", "Αθήνα", "105 63", "Ερμού"],
        timezone: "Europe/Athens",
        currency: "EUR",
        reverse_charge: Some("EL"),
        names: &["Ελληνική Τεχνολογία Α.Ε.", "Γιώργος Παπαδόπουλος", "Καφενείο \"Η Γωνία\""],
    },
    Place {
        address: ["Bulgaria", "", "София", "1000", "бул. Витоша"],
        timezone: "Europe/Sofia",
        currency: "EUR",
        reverse_charge: Some("BG"),
        names: &["Балкан Софтуер ООД", "Иванка Петрова", "„Роза“ ЕТ"],
    },
    Place {
        address: ["Japan", "東京都", "渋谷区", "150-0002", "渋谷"],
        timezone: "Asia/Tokyo",
        currency: "JPY",
        reverse_charge: None,
        names: &["株式会社ミドリ", "合同会社 空と海", "佐藤 花子"],
    },
    Place {
        address: ["Kuwait", "", "مدينة الكويت", "13001", "شارع الخليج"],
        timezone: "Asia/Kuwait",
        currency: "KWD",
        reverse_charge: None,
        names: &["شركة الأفق للتقنية", "فاطمة العلي", "Al-Salam Trading Co. W.L.L."],
    },
    Place {
        address: ["India", "Karnataka", "Bengaluru", "560001", "Mahatma Gandhi Road"],
        timezone: "Asia/Kolkata",
        currency: "INR",
        reverse_charge: None,
        names: &["नमस्ते सॉफ़्टवेयर प्रा. लि.", "Rao & Iyer Consultants Pvt. Ltd.", "ಕಾವೇರಿ ಟೆಕ್"],
    },
    Place {
        address: ["Nepal", "", "Kathmandu", "44600", "Durbar Marg"],
        timezone: "Asia/Kathmandu",
        currency: "USD",
        reverse_charge: None,
        names: &["Himal Treks (P) Ltd.", "सगरमाथा क्लाउड"],
    },
    Place {
        address: ["Brazil", "SP", "São Paulo", "01310-100", "Avenida Paulista"],
        timezone: "America/Sao_Paulo",
        currency: "BRL",
        reverse_charge: None,
        names: &["Irmãos Conceição Ltda.", "João d'Ávila", "Ação & Reação S/A"],
    },
    Place {
        address: ["Australia", "NSW", "Lord Howe Island", "2898", "Lagoon Road"],
        timezone: "Australia/Lord_Howe",
        currency: "USD",
        reverse_charge: None,
        names: &["Kentia Palm Nursery Pty Ltd", "O'Reilly's Boat Hire"],
    },
    Place {
        address: ["New Zealand", "", "Waitangi", "8942", "Wharf Road"],
        timezone: "Pacific/Chatham",
        currency: "USD",
        reverse_charge: None,
        names: &["Rēkohu Fisheries", "Te Whare Pātaka Ltd"],
    },
    Place {
        address: ["South Korea", "", "서울", "04524", "세종대로"],
        timezone: "Asia/Seoul",
        currency: "USD",
        reverse_charge: None,
        names: &["주식회사 한강", "김민준"],
    },
    Place {
        address: ["Israel", "", "תל אביב", "6688312", "שדרות רוטשילד"],
        timezone: "Asia/Jerusalem",
        currency: "USD",
        reverse_charge: None,
        names: &["תפוח בע\"מ", "נועה כהן"],
    },
    Place {
        address: ["Samoa", "", "Apia", "", "Beach Road"],
        timezone: "Pacific/Apia",
        currency: "USD",
        reverse_charge: None,
        names: &["Fa'asamoa Crafts", "Tusitala & Co., Ltd"],
    },
    Place {
        address: ["Thailand", "", "กรุงเทพมหานคร", "10110", "ถนนสุขุมวิท"],
        timezone: "",
        currency: "USD",
        reverse_charge: None,
        names: &["บริษัท ฟ้าใส จำกัด", "Siam \"Digital\" Co., Ltd."],
    },
];

/// The header of `tax_rates.csv`.
pub(crate) const TAX_COLUMNS: [&str; 9] = [
    "code",
    "name",
    "percent",
    "country",
    "region",
    "behavior",
    "treatment",
    "valid_from",
    "valid_to",
];

/// The rows of `tax_rates.csv`. A rate without a country applies to all other countries, so every
/// customer always has one.
pub(crate) fn tax_rows() -> Vec<Vec<String>> {
    TAXES.iter().map(|row| row.map(str::to_owned).to_vec()).collect()
}

const TAXES: [[&str; 9]; 24] = [
    ["standard", "Tax", "0", "", "", "", "", "", ""],
    ["standard", "Sales tax", "8.625", "United States", "CA", "", "", "", ""],
    ["standard", "Sales tax", "8.875", "United States", "NY", "", "", "", ""],
    ["standard", "GET", "4.712", "United States", "HI", "", "", "", ""],
    ["standard", "VAT", "20", "United Kingdom", "", "", "", "", ""],
    ["standard", "MwSt.", "19", "Germany", "", "", "", "", ""],
    ["standard", "VAT", "23", "Ireland", "", "", "", "", ""],
    ["standard", "TVA", "20", "France", "", "", "", "", ""],
    ["standard", "IVA", "21", "Spain", "", "", "", "", ""],
    ["standard", "VAT", "23", "Poland", "", "", "", "", ""],
    ["standard", "ALV", "24", "Finland", "", "", "", "", "2024-08-31"],
    ["standard", "ALV", "25.5", "Finland", "", "", "", "2024-09-01", ""],
    ["standard", "ΦΠΑ", "24", "Greece", "", "", "", "", ""],
    ["standard", "ДДС", "20", "Bulgaria", "", "", "", "", ""],
    ["standard", "消費税", "10", "Japan", "", "inclusive", "", "", ""],
    ["standard", "GST", "18", "India", "", "", "", "", ""],
    ["standard", "GST", "10", "Australia", "", "inclusive", "", "", ""],
    ["standard", "GST", "15", "New Zealand", "", "", "", "", ""],
    ["reduced", "Tax", "0", "", "", "", "", "", ""],
    ["reduced", "MwSt.", "7", "Germany", "", "", "", "", ""],
    ["reduced", "TVA", "5.5", "France", "", "", "", "", ""],
    ["reduced", "VAT", "8", "Poland", "", "", "", "", ""],
    ["exempt", "VAT", "0", "", "", "", "exempt", "", ""],
    ["reverse", "VAT", "0", "", "", "", "reverse_charge", "", ""],
];
