//! Settles invoices and payments, one after the other.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::allocation::{AppliedPayment, SettledRow, SettlementTurn};
use super::balance::{AccountBalance, PaymentAllocation};
use super::errors::{PaymentError, SettlementError};
use super::holders::{AccountId, AccountIds};
use super::settlement::{Balances, Credit, PaidByCredit, Settlement};
use crate::model::{Account, Invoice, Payment, PaymentKind, Receivable};
use crate::problem::nearest;
use crate::value::{Amount, Currency, Instant, Zone};

/// The balances of all accounts during settlement.
pub(crate) struct PaymentApplier<'a> {
    holders: AccountIds<'a>,
    receivables: Vec<Receivable>,
    /// The debtor of each receivable.
    debtors: Vec<AccountId>,
    /// The index of the receivable of each invoice of the close.
    documents: Vec<usize>,
    /// The credit applied to each invoice of the close.
    paid: Vec<PaidByCredit>,
    /// The numbers that payments or credit notes name, with the index of the receivable if there is
    /// one.
    named: HashMap<&'a str, Option<usize>>,
    /// Accounts with payments that name no invoice.
    payers: HashSet<AccountId>,
    /// The balances of accounts with credit or payments. Most have neither.
    purses: HashMap<(AccountId, Currency), AccountBalance>,
    applied: Vec<AppliedPayment>,
    errors: Vec<SettlementError>,
    /// Accounts with wrong balances after a refused payment or invoice.
    spoilt: HashSet<Arc<str>>,
}

impl<'a> PaymentApplier<'a> {
    /// Starts with the balances before the close. `named` has the numbers of later lookups, and
    /// `due` the payments to apply.
    pub(crate) fn open(
        holders: AccountIds<'a>,
        before: Balances,
        (named, due): (impl Iterator<Item = &'a str>, &[&Payment]),
        documents: usize,
    ) -> Self {
        let for_accounts = due.iter().filter(|payment| payment.invoice_number.is_none());
        let mut till = Self {
            receivables: Vec::with_capacity(before.receivables.len() + documents),
            debtors: Vec::with_capacity(before.receivables.len() + documents),
            documents: vec![0; documents],
            paid: vec![PaidByCredit::default(); documents],
            named: named.map(|number| (number, None)).collect(),
            payers: for_accounts.filter_map(|payment| payment.account).collect(),
            purses: HashMap::new(),
            holders,
            applied: Vec::new(),
            errors: Vec::new(),
            spoilt: HashSet::new(),
        };
        for (account_id, balances) in before.credit {
            let holder = till.holders.find(&account_id.into());
            for (currency, credit) in balances {
                till.purses.entry((holder, currency)).or_default().credit = credit;
            }
        }
        let debtors = before.receivables.iter().map(|receivable| &receivable.account_id);
        let debtors = till.holders.find_all(&debtors.collect::<Vec<_>>());
        for (receivable, holder) in before.receivables.into_iter().zip(debtors) {
            till.add(receivable, holder);
        }
        till
    }

    pub(crate) const fn accounts(&self) -> &'a [Account] {
        self.holders.accounts()
    }

    /// Applies credit to the invoice at `index`, or adds its negative total to the credit.
    pub(crate) fn publish(&mut self, invoice: &Invoice, index: usize) {
        let account_id = Arc::clone(&self.holders.accounts()[invoice.account].id);
        let key = (invoice.account, invoice.currency);
        let credit = self.purses.get(&key).map(|purse| purse.credit).unwrap_or_default();
        let Some(paid) = pay(invoice.totals.total, credit) else {
            self.errors.push(SettlementError::Balance { account: invoice.account });
            self.spoilt.insert(account_id);
            return;
        };
        if paid.credit_balance != credit {
            self.purses.entry(key).or_default().credit = paid.credit_balance;
        }
        let receivable = receivable(invoice, paid.amount_due, Arc::clone(&account_id));
        let place = self.add(receivable, invoice.account);
        (self.documents[index], self.paid[index]) = (place, paid);
        self.apply_note(invoice, index, account_id);
    }

    /// Applies a credit note to its invoice, up to the open amount.
    fn apply_note(&mut self, note: &Invoice, index: usize, account_id: Arc<str>) {
        let credited = note.credits_invoice.as_ref();
        let Some(place) = credited.and_then(|number| self.place(number)) else {
            return;
        };
        let credit = note.totals.total.checked_neg().unwrap_or_default();
        let open = self.receivables[place].open();
        let part = open.min(credit);
        self.paid[index].left_of_credited = open.checked_sub(part).expect("a part of it");
        if part <= Amount::ZERO {
            return;
        }
        let split =
            PaymentAllocation { to_invoices: vec![(place, part)], to_credit: negative(part) };
        let purse = self.purses.entry((note.account, note.currency)).or_default();
        purse.book(&split, None, &mut self.receivables).expect("no more than the note granted");
        self.paid[index].credit_balance = purse.credit;
        self.applied.push(AppliedPayment {
            payment_id: Arc::clone(&note.number),
            account_id,
            at: note.instant,
            date: note.issue_date,
            method: format!("Credit note {}", note.number).into(),
            currency: note.currency,
            kind: PaymentKind::Money,
            refunds: None,
            amount: Amount::ZERO,
            to_invoices: vec![(Arc::clone(&self.receivables[place].invoice_number), part)],
            to_credit: split.to_credit,
            turn: SettlementTurn { instant: note.instant, of: SettledRow::Note(index) },
        });
    }

    /// Applies the payment at `index` of the due payments, at its instant of settlement.
    pub(crate) fn receive(&mut self, payment: &Payment, index: usize, instant: Instant) {
        match self.apply(payment, instant) {
            Ok(applied) => self.applied.push(applied),
            Err(refusal) => self.refuse(payment, index, refusal),
        }
    }

    /// The balances after the close.
    ///
    /// # Errors
    /// All refusals.
    pub(crate) fn close(self) -> Result<Settlement, Vec<SettlementError>> {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let mut credit = Credit::new();
        for ((holder, currency), purse) in self.purses {
            if !purse.credit.is_zero() {
                let id = self.holders.id(holder);
                credit.entry(id.to_owned()).or_default().insert(currency, purse.credit);
            }
        }
        let balances = Balances { credit, receivables: self.receivables };
        let Self { debtors, documents, paid, applied, .. } = self;
        Ok(Settlement { balances, debtors, documents, paid, applied })
    }

    /// Adds a receivable, and its index if its number is needed later.
    fn add(&mut self, receivable: Receivable, debtor: AccountId) -> usize {
        let place = self.receivables.len();
        if let Some(named) = self.named.get_mut(&*receivable.invoice_number) {
            *named = Some(place);
        }
        let currency = receivable.currency;
        self.receivables.push(receivable);
        self.debtors.push(debtor);
        if self.payers.contains(&debtor) {
            self.purses.entry((debtor, currency)).or_default().add(place, &self.receivables);
        }
        place
    }

    /// The index of the receivable of a number in `named`.
    fn place(&self, number: &str) -> Option<usize> {
        self.named.get(number).copied().flatten()
    }

    fn apply(
        &mut self,
        payment: &Payment,
        instant: Instant,
    ) -> Result<AppliedPayment, PaymentError> {
        let named = self.named(payment)?;
        let account_id = self.payer(payment).expect("a payment names an account or an invoice");
        let holder = self.holders.find(&account_id);
        let purse = self.purses.entry((holder, payment.currency)).or_default();
        let PaymentAllocation { to_invoices, to_credit } =
            purse.apply((payment.kind, payment.amount), named, &mut self.receivables)?;
        let numbered = |(place, part): (usize, Amount)| {
            (Arc::clone(&self.receivables[place].invoice_number), part)
        };
        // An account that was removed from accounts.csv has no calendar.
        let zone = self.holders.accounts().get(holder).map_or(Zone::UTC, |account| account.zone);
        Ok(AppliedPayment {
            payment_id: Arc::clone(&payment.id),
            account_id,
            at: payment.at,
            date: zone.date(payment.at),
            method: payment.method_shown(),
            currency: payment.currency,
            kind: payment.kind,
            refunds: payment.invoice_number.clone().filter(|_| payment.kind == PaymentKind::Refund),
            amount: payment.amount,
            to_invoices: to_invoices.into_iter().map(numbered).collect(),
            to_credit,
            turn: SettlementTurn {
                instant,
                of: SettledRow::Payment { at: payment.at, line: payment.line },
            },
        })
    }

    /// Records a refusal. A balance that is already wrong cannot prove another refusal.
    fn refuse(&mut self, payment: &Payment, index: usize, refusal: PaymentError) {
        let payer = self.payer(payment);
        if refusal.may_be_a_consequence() {
            if payer.is_some_and(|payer| self.spoilt.contains(&payer)) {
                return;
            }
        } else {
            self.spoilt.extend(payer);
        }
        self.errors.push(SettlementError::Payment { index, refusal });
    }

    /// The index of the invoice that a payment names, if it can be paid.
    fn named(&self, payment: &Payment) -> Result<Option<usize>, PaymentError> {
        let Some(number) = &payment.invoice_number else { return Ok(None) };
        let Some(place) = self.place(number) else {
            return Err(PaymentError::UnknownInvoice { nearest: self.nearest(payment, number) });
        };
        let invoice = &self.receivables[place];
        let is_its_own = |account: usize| self.holders.accounts()[account].id == invoice.account_id;
        if !payment.account.is_none_or(is_its_own) {
            return Err(PaymentError::OtherAccount { account_id: Arc::clone(&invoice.account_id) });
        }
        if invoice.total.is_negative() && payment.kind != PaymentKind::Refund {
            return Err(PaymentError::GrantsCredit);
        }
        if invoice.currency != payment.currency {
            return Err(PaymentError::OtherCurrency { currency: invoice.currency });
        }
        Ok(Some(place))
    }

    /// The open invoice of the account with the most similar number. Without an account it guesses
    /// nothing, because all numbers are similar.
    fn nearest(&self, payment: &Payment, number: &str) -> Option<Arc<str>> {
        let account_id = &self.holders.accounts()[payment.account?].id;
        let open = self.receivables.iter().filter(|receivable| {
            receivable.account_id == *account_id && !receivable.open().is_zero()
        });
        nearest(number, open.map(|receivable| &*receivable.invoice_number)).map(Into::into)
    }

    /// The account of a payment: the named account, or that of the named invoice.
    fn payer(&self, payment: &Payment) -> Option<Arc<str>> {
        let number = payment.invoice_number.as_ref();
        let place = || number.and_then(|number| self.place(number));
        let account = payment.account.map(|account| &self.holders.accounts()[account].id);
        account.or_else(|| Some(&self.receivables[place()?].account_id)).cloned()
    }
}

fn negative(amount: Amount) -> Amount {
    amount.checked_neg().expect("an amount that is not negative")
}

/// Credit pays as much as it can. A negative total becomes credit.
fn pay(total: Amount, balance: Amount) -> Option<PaidByCredit> {
    let credit_applied = if total.is_negative() { Amount::ZERO } else { total.min(balance) };
    let amount_due = total.max(Amount::ZERO).checked_sub(credit_applied)?;
    let granted = total.min(Amount::ZERO);
    let credit_balance = balance.checked_sub(credit_applied)?.checked_sub(granted)?;
    let left_of_credited = Amount::ZERO;
    Some(PaidByCredit { credit_applied, amount_due, credit_balance, left_of_credited })
}

fn receivable(invoice: &Invoice, amount_due: Amount, account_id: Arc<str>) -> Receivable {
    Receivable {
        invoice_number: Arc::clone(&invoice.number),
        account_id,
        currency: invoice.currency,
        instant: invoice.instant,
        issue_date: invoice.issue_date,
        due_date: invoice.due_date,
        total: invoice.totals.total,
        amount_due,
        paid: Amount::ZERO,
        overpaid: Amount::ZERO,
        otherwise: None,
    }
}
