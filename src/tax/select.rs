//! Which rate a line is taxed at: the code that wins, and what it means at the tax point.
//!
//! The code is the account's if it exempts the account or shifts the tax to it, else the price's,
//! else the account's, else the default. A credit is taxed as what it credits: by the account as it
//! was when that was charged, and at that tax point, whatever has changed since.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Taxpayers;
use crate::config::{Settings, TaxPoint, TaxSettings};
use crate::model::{
    Account, Adjustment, BillingInput, Price, TaxError, TaxFacts, TaxHistory, TaxRate, TaxTable,
    TaxTerms, TaxTreatment, TaxesHere,
};
use crate::timeline::Charge;
use crate::value::Instant;

/// What is needed to tax the lines of one account.
pub struct TaxSelector<'a> {
    table: &'a TaxTable,
    settings: &'a TaxSettings,
    account: &'a Account,
    /// What is so today, for charges that the register knows nothing else of; once it is needed.
    current: OnceCell<TaxFacts>,
    /// The rates where the account is, and where the register knows that it was, by what says so.
    places: RefCell<Vec<(*const TaxFacts, TaxesHere<'a>)>>,
    /// What the register knows of the account; `None` if nothing.
    history: Option<&'a TaxHistory>,
    /// The codes of prices, by `price_id`; the default one under the empty id.
    codes: &'a BTreeMap<String, TaxHistory>,
}

impl<'a> TaxSelector<'a> {
    /// The taxation of one account.
    pub fn new(
        book: &'a BillingInput,
        settings: &'a Settings,
        index: usize,
        (taxpayers, codes): (&'a Taxpayers, &'a BTreeMap<String, TaxHistory>),
    ) -> Self {
        let account = &book.accounts[index];
        let history = taxpayers.get(&account.id, index);
        Self {
            table: &book.taxes,
            settings: &settings.tax,
            account,
            current: OnceCell::new(),
            places: RefCell::default(),
            history,
            codes,
        }
    }

    /// What a charge, or what credits it, is taxed at; `None` where no code is named.
    ///
    /// # Errors
    /// The code means nothing there and then, or the buyer is not known by a tax number.
    pub fn of(&self, price: &Price, charge: &Charge) -> Result<Option<Arc<TaxTerms>>, TaxError> {
        self.at_code(self.code_of(&price.id, price.tax_code.as_ref(), charge.due), charge)
    }

    fn at_code(
        &self,
        price_code: Option<&Arc<str>>,
        charge: &Charge,
    ) -> Result<Option<Arc<TaxTerms>>, TaxError> {
        if self.table.rates().is_empty() {
            return Ok(None);
        }
        let date = |instant| self.account.zone.date(instant);
        let point = match self.settings.point {
            TaxPoint::InvoiceDate => date(charge.due),
            TaxPoint::ServiceStart => date(charge.service.0),
            TaxPoint::ServiceEnd => date(before(charge.service.1).max(charge.service.0)),
        };
        let facts = self.facts(charge.due);
        let find = |code: &Arc<str>| self.find(code, facts, point);
        let own = facts.code.as_ref().map(find).transpose()?;
        let overrides = |rate: &&TaxRate| rate.terms.treatment != TaxTreatment::Taxable;
        let code = price_code.filter(|_| !own.as_ref().is_some_and(overrides));
        let default = || self.code_of("", self.settings.default_code.as_ref(), charge.due);
        let code = code.or(facts.code.as_ref()).or_else(default);
        let Some(rate) = code.map(find).transpose()? else { return Ok(None) };
        if rate.terms.treatment == TaxTreatment::ReverseCharge && self.account.tax_id.is_none() {
            return Err(TaxError::BuyerUnknown { code: Arc::clone(&rate.terms.code) });
        }
        Ok(Some(Arc::clone(&rate.terms)))
    }

    /// What a code means where the account was according to `facts`: nearly all accounts were in one
    /// place whenever something of theirs fell due.
    fn find(
        &self,
        code: &Arc<str>,
        facts: &TaxFacts,
        point: NaiveDate,
    ) -> Result<&'a TaxRate, TaxError> {
        let mut places = self.places.borrow_mut();
        let known = places.iter().position(|(said_by, _)| std::ptr::eq(*said_by, facts));
        let place = known.unwrap_or_else(|| {
            places.push((facts, self.table.rates_at(facts)));
            places.len() - 1
        });
        places[place].1.find(code, facts, point)
    }

    /// What a one-off charge on a document of an instant is taxed at.
    ///
    /// # Errors
    /// As for [`TaxSelector::of`].
    pub fn of_adjustment(
        &self,
        adjustment: &Adjustment,
        document: Instant,
    ) -> Result<Option<Arc<TaxTerms>>, TaxError> {
        if !adjustment.taxable {
            return Ok(None);
        }
        let charge = Charge { due: document, service: (document, document) };
        self.at_code(adjustment.tax_code.as_ref(), &charge)
    }

    /// The code of a price when something fell due; `now` if the register knows nothing of it.
    fn code_of<'c>(
        &'c self,
        price_id: &str,
        now: Option<&'c Arc<str>>,
        due: Instant,
    ) -> Option<&'c Arc<str>> {
        match self.codes.get(price_id).and_then(|history| history.at(due)) {
            Some(then) => then.code.as_ref(),
            None => now,
        }
    }

    fn facts(&self, due: Instant) -> &TaxFacts {
        self.history
            .and_then(|history| history.at(due))
            .unwrap_or_else(|| self.current.get_or_init(|| self.account.tax_facts()))
    }
}

/// The last second of a time that ends, exclusively, at an instant.
fn before(end: Instant) -> Instant {
    Instant::from_unix_seconds(end.unix_seconds() - 1)
}
