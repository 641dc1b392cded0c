//! Selects the tax rate of a line: the code, and its rate at the tax point.
//!
//! The code of the account wins if it exempts the account or shifts the tax. Otherwise the order
//! is: price, account, default. A credit uses the rate of its charge: the account's facts and the
//! tax point at that time.

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

/// Selects taxes for the lines of one account.
pub(crate) struct TaxSelector<'a> {
    table: &'a TaxTable,
    settings: &'a TaxSettings,
    account: &'a Account,
    /// The current facts, for charges without facts in the register. Computed on demand.
    current: OnceCell<TaxFacts>,
    /// The rates of each place of the account, now and in the register, by the facts.
    places: RefCell<Vec<(*const TaxFacts, TaxesHere<'a>)>>,
    /// The account's history in the register, if there is one.
    history: Option<&'a TaxHistory>,
    /// The codes of prices, by `price_id`; the default code under the empty id.
    codes: &'a BTreeMap<String, TaxHistory>,
}

impl<'a> TaxSelector<'a> {
    pub(crate) fn new(
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

    /// The tax terms of a charge or its credit; `None` without a code.
    ///
    /// # Errors
    /// The code has no rate there at that time, or the buyer has no tax number.
    pub(crate) fn of(
        &self,
        price: &Price,
        charge: &Charge,
    ) -> Result<Option<Arc<TaxTerms>>, TaxError> {
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
        if rate.terms.treatment == TaxTreatment::ReverseCharge
            && self.account.at(charge.due).tax_id.is_none()
        {
            return Err(TaxError::BuyerUnknown { code: Arc::clone(&rate.terms.code) });
        }
        Ok(Some(Arc::clone(&rate.terms)))
    }

    /// The rate of a code at the place of the account in `facts`. Most accounts never moved.
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

    /// The tax terms of a one-off charge on an invoice of an instant.
    ///
    /// # Errors
    /// The same as for [`TaxSelector::of`].
    pub(crate) fn of_adjustment(
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

    /// The code of a price at a due date; `now` if the register has none.
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

/// The last second before an exclusive end.
fn before(end: Instant) -> Instant {
    Instant::from_unix_seconds(end.unix_seconds() - 1)
}
