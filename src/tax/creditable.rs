//! The rest of invoices that can be credited, by tax rate.
//!
//! Unused time, corrections, adjustments and credit notes all draw on it. After each draw, the
//! credited tax is `round(tax charged × credited so far ÷ charged)`. So nothing is credited beyond
//! the charge. Once everything is credited, so is all of its tax.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{ChargedPart, Claim, Issued, IssuedPart, TaxParts, TaxTerms};
use crate::value::{Amount, Currency, Fraction128, Rounding};

/// Published invoices that credits of an account may concern, by number.
pub(crate) type IssuedByNumber = BTreeMap<Arc<str>, Issued>;

/// The invoices that credits of an account concern: copies of published ones from the register, and
/// the invoices of this close.
#[derive(Clone)]
pub(crate) struct CreditableInvoices<'a> {
    known: &'a IssuedByNumber,
    working: IssuedByNumber,
    /// The indices of the parts of working invoices, by line. Where tax is rounded per line, an
    /// invoice has a part for each.
    places: HashMap<Arc<str>, HashMap<u32, Vec<usize>>>,
    rounding: Rounding,
}

/// A wanted credit: at a rate, and preferably on one invoice and line.
pub(crate) struct WantedCredit<'a> {
    pub(crate) number: &'a Arc<str>,
    /// The line; 0 for any.
    pub(crate) line_number: u32,
    pub(crate) terms: Option<&'a Arc<TaxTerms>>,
    /// The amount; negative to give a credit back.
    pub(crate) amount: Amount,
}

/// The result of a draw.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    /// The invoices drawn on, with the tax of each part.
    pub(crate) claims: Vec<Claim>,
    /// The amount that no invoice could cover.
    pub(crate) rest: Amount,
}

impl Drawn {
    /// The sum of its tax.
    pub(crate) fn tax(&self) -> Option<Amount> {
        Amount::checked_sum(self.claims.iter().map(|claim| claim.part.tax))
    }

    /// The sums of its several taxes.
    pub(crate) fn tax_parts(&self) -> Option<TaxParts> {
        let mut claims = self.claims.iter();
        claims.try_fold(TaxParts::default(), |sum, it| sum.plus(it.part.tax_parts.amounts()))
    }
}

impl<'a> CreditableInvoices<'a> {
    pub(crate) fn new(known: &'a IssuedByNumber, rounding: Rounding) -> Self {
        Self { known, working: BTreeMap::new(), places: HashMap::new(), rounding }
    }

    /// An invoice that was published or belongs to this close.
    pub(crate) fn get(&mut self, number: &Arc<str>) -> Option<&Issued> {
        self.get_mut(number).map(|issued| &*issued)
    }

    fn get_mut(&mut self, number: &Arc<str>) -> Option<&mut Issued> {
        if !self.working.contains_key(number) {
            self.working.insert(Arc::clone(number), self.known.get(number)?.clone());
        }
        self.working.get_mut(number)
    }

    /// Adds an invoice of this close. Later invoices of the close may credit it.
    pub(crate) fn add(
        &mut self,
        number: &Arc<str>,
        (account_id, currency): (&Arc<str>, Currency),
        charged: &[ChargedPart],
    ) {
        let part = |part: &ChargedPart| {
            let sums = (part.base, part.tax, part.tax_parts.clone());
            IssuedPart::charged(part.terms.clone(), part.line_number, sums)
        };
        let parts = charged.iter().map(part).collect();
        let issued = Issued { account_id: Arc::clone(account_id), currency, parts };
        self.places.remove(number);
        self.working.insert(Arc::clone(number), issued);
    }

    /// Adds a charge to an invoice of this close.
    pub(crate) fn charge_more(
        &mut self,
        number: &Arc<str>,
        owner: (&Arc<str>, Currency),
        more: &ChargedPart,
    ) -> Option<()> {
        if !self.working.contains_key(number) {
            self.add(number, owner, &[]);
        }
        let issued = self.working.get_mut(number)?;
        let is_it = |part: &&mut IssuedPart| {
            part.line_number == more.line_number && part.terms == more.terms
        };
        // A part that was added before is at the end.
        if let Some(part) = issued.parts.iter_mut().rev().find(is_it) {
            part.base = part.base.checked_add(more.base)?;
            part.tax = part.tax.checked_add(more.tax)?;
            part.tax_parts = part.tax_parts.plus(more.tax_parts.amounts())?;
            return Some(());
        }
        if let Some(places) = self.places.get_mut(number) {
            places.entry(more.line_number).or_default().push(issued.parts.len());
        }
        let sums = (more.base, more.tax, more.tax_parts.clone());
        issued.parts.push(IssuedPart::charged(more.terms.clone(), more.line_number, sums));
        Some(())
    }

    /// The indices of the parts of a line.
    fn places_of(&mut self, number: &Arc<str>, line_number: u32) -> Vec<usize> {
        if !self.places.contains_key(number) {
            let mut places: HashMap<u32, Vec<usize>> = HashMap::new();
            let parts = self.get(number).map_or(&[][..], |issued| &issued.parts);
            for (place, part) in parts.iter().enumerate() {
                places.entry(part.line_number).or_default().push(place);
            }
            self.places.insert(Arc::clone(number), places);
        }
        self.places[number].get(&line_number).cloned().unwrap_or_default()
    }

    /// The amount of an invoice that can still be credited at a rate.
    pub(crate) fn left(
        &mut self,
        number: &Arc<str>,
        terms: Option<&Arc<TaxTerms>>,
    ) -> Option<Amount> {
        let parts = &self.get(number)?.parts;
        let parts = parts.iter().filter(|part| part.terms.as_ref() == terms);
        Amount::checked_sum(parts.map(IssuedPart::left))
    }

    /// Draws a credit: first from the wanted line and invoice, then from `others` at the same rate.
    /// `None` if something does not fit 64 bits.
    pub(crate) fn draw(&mut self, wanted: &WantedCredit<'_>, others: &[Arc<str>]) -> Option<Drawn> {
        let mut drawn = Drawn { claims: Vec::new(), rest: wanted.amount };
        self.draw_from(wanted.number, wanted, &mut drawn)?;
        for number in others {
            if drawn.rest.is_zero() {
                break;
            }
            if number != wanted.number {
                self.draw_from(number, wanted, &mut drawn)?;
            }
        }
        Some(drawn)
    }

    fn draw_from(
        &mut self,
        number: &Arc<str>,
        wanted: &WantedCredit<'_>,
        drawn: &mut Drawn,
    ) -> Option<()> {
        let rounding = self.rounding;
        // The wanted line first, then the others in order.
        let line = self.places_of(number, wanted.line_number);
        let Some(invoice) = self.get_mut(number) else { return Some(()) };
        let parts = &mut invoice.parts;
        let (lines, all) = (line.len(), 0..parts.len());
        for (turn, place) in line.into_iter().chain(all).enumerate() {
            if drawn.rest.is_zero() {
                break;
            }
            let part = &mut parts[place];
            let is_done = turn >= lines && part.line_number == wanted.line_number;
            if is_done || part.terms.as_ref() != wanted.terms {
                continue;
            }
            let taken = part.room(drawn.rest)?;
            if taken.is_zero() {
                continue;
            }
            let (tax, tax_parts) = take(part, taken, rounding)?;
            drawn.rest = drawn.rest.checked_sub(taken)?;
            drawn.claims.push(Claim {
                invoice_number: Arc::clone(number),
                part: ChargedPart {
                    line_number: part.line_number,
                    terms: part.terms.clone(),
                    base: taken,
                    tax,
                    tax_parts,
                },
            });
        }
        Some(())
    }

    /// The numbers of this close's invoices and of the published ones used so far.
    pub(crate) fn numbers(&self) -> BTreeSet<Arc<str>> {
        self.working.keys().cloned().collect()
    }
}

/// Takes an amount from a part, and returns its tax. Each of several taxes is taken back apart, and
/// the tax is their sum.
fn take(part: &mut IssuedPart, taken: Amount, rounding: Rounding) -> Option<(Amount, TaxParts)> {
    let credited = part.credited_base.checked_add(taken)?;
    let due_of = |tax: &Amount| credited_tax(*tax, (credited, part.base), rounding);
    let parts = part.tax_parts.amounts().iter().map(due_of).collect::<Option<Vec<_>>>()?;
    let due = match &parts[..] {
        [] => due_of(&part.tax)?,
        parts => Amount::checked_sum(parts.iter().copied())?,
    };
    let parts = TaxParts::new(parts);
    let tax = due.checked_sub(part.credited_tax)?;
    let tax_parts = part.credited_parts.negated()?.plus(parts.amounts())?;
    (part.credited_base, part.credited_tax, part.credited_parts) = (credited, due, parts);
    Some((tax, tax_parts))
}

/// `tax × credited ÷ base`, rounded.
fn credited_tax(
    tax: Amount,
    (credited, base): (Amount, Amount),
    rounding: Rounding,
) -> Option<Amount> {
    let (base, sign) = (i128::from(base.minor()), i128::from(base.minor().signum()));
    let product = i128::from(tax.minor()).checked_mul(credited.minor().into())?;
    let due = Fraction128::new(product.checked_mul(sign)?, base.abs()).round(rounding)?;
    Some(Amount::from_minor(i64::try_from(due).ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USD: &str = "USD";

    fn minor(amount: i64) -> Amount {
        Amount::from_minor(amount)
    }

    fn invoice(parts: &[(i64, i64)]) -> Issued {
        let numbered = parts.iter().zip(1..);
        let part = |((base, tax), line): (&(i64, i64), u32)| {
            IssuedPart::charged(None, line, (minor(*base), minor(*tax), TaxParts::default()))
        };
        let currency = Currency::from_code(USD).expect("ISO 4217");
        Issued { account_id: "a".into(), currency, parts: numbered.map(part).collect() }
    }

    fn wanted(number: &Arc<str>, line_number: u32, amount: i64) -> WantedCredit<'_> {
        WantedCredit { number, line_number, terms: None, amount: minor(amount) }
    }

    #[test]
    fn a_credit_takes_from_its_line_first_then_from_the_others() {
        let one: Arc<str> = "one".into();
        let known = BTreeMap::from([(Arc::clone(&one), invoice(&[(100, 20), (50, 10)]))]);
        let mut issued = CreditableInvoices::new(&known, Rounding::HalfUp);
        let drawn = issued.draw(&wanted(&one, 2, 70), &[]).expect("it fits");
        let parts: Vec<(u32, i64, i64)> = drawn
            .claims
            .iter()
            .map(|it| (it.part.line_number, it.part.base.minor(), it.part.tax.minor()))
            .collect();
        assert_eq!((parts, drawn.rest), (vec![(2, 50, 10), (1, 20, 4)], Amount::ZERO));
        let more = issued.draw(&wanted(&one, 0, 100), &[]).expect("it fits");
        assert_eq!((more.tax(), more.rest), (Some(minor(16)), minor(20)));
    }

    proptest! {
        /// For any credits: no part is credited beyond its charge, and a full credit includes all
        /// tax.
        #[test]
        fn nothing_is_credited_beyond_what_was_charged(
            parts in proptest::collection::vec((-500_i64..2000, 0_i64..20), 1..4),
            draws in proptest::collection::vec((0_u32..4, -1500_i64..1500), 1..12),
        ) {
            let one: Arc<str> = "one".into();
            let taxed: Vec<(i64, i64)> =
                parts.iter().map(|(base, percent)| (*base, base * percent / 100)).collect();
            let known = BTreeMap::from([(Arc::clone(&one), invoice(&taxed))]);
            let mut issued = CreditableInvoices::new(&known, Rounding::HalfUp);
            let everything = parts.iter().map(|_| (0, 10_000));
            for (line, amount) in draws.into_iter().chain(everything) {
                let drawn = issued.draw(&wanted(&one, line, amount), &[]).expect("it fits");
                let bases = drawn.claims.iter().map(|claim| claim.part.base);
                let taken = Amount::checked_sum(bases).expect("it fits");
                prop_assert_eq!(taken.checked_add(drawn.rest), Some(minor(amount)));
                for part in &issued.get(&one).expect("it is known").parts {
                    let is_within = |part: Amount, whole: Amount| {
                        whole.min(Amount::ZERO) <= part && part <= whole.max(Amount::ZERO)
                    };
                    prop_assert!(is_within(part.credited_base, part.base), "{part:?}");
                    prop_assert!(is_within(part.credited_tax, part.tax), "{part:?}");
                }
            }
            for part in &issued.get(&one).expect("it is known").parts {
                if part.base > Amount::ZERO {
                    prop_assert_eq!((part.credited_base, part.credited_tax), (part.base, part.tax));
                }
            }
        }
    }
}
