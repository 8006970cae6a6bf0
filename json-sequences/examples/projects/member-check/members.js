const EMAIL = /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** What is wrong with a record; nothing for a good one. */
export function faultsOf({ email, joined }) {
  return [...(EMAIL.test(email) ? [] : [`e-mail "${email}"`]), ...(DATE.test(joined) ? [] : [`date "${joined}"`])];
}

/** The record as it was meant, where that can be told: letters of e-mail addresses are small, dates are ISO dates. */
export function cleaned(record) {
  const email = String(record.email)
    .trim()
    .toLowerCase()
    .replace(/\s+at\s+/, '@');
  const german = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(record.joined);
  return { ...record, email, joined: german ? `${german[3]}-${german[2]}-${german[1]}` : record.joined };
}
