/** Names that generated code may not use for something of its own: words of the language, and what each file imports. */
const TAKEN = `await break case catch class const continue debugger default delete do else enum export extends false finally for function if
import in instanceof let new null return static super switch this throw true try typeof undefined var void while with yield implements
interface package private protected public arguments eval async ON play asWorkflow createWaits score executeChild proxyActivities
proxyLocalActivities workflowInfo ParentClosePolicy Activities SequenceResult`.split(/\s+/);

/** Gives out names that are free in one file. */
export class Names {
  private readonly taken = new Set(TAKEN);

  /** `wanted`, or with a number after it where that is taken. */
  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}${count}`;
    this.taken.add(name);
    return name;
  }
}

/** `invoice.month-end` → `invoiceMonthEnd`. */
export function camelCase(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const joined = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  return /^[A-Za-z]/.test(joined) ? joined : `the${joined}`;
}

export function pascalCase(id: string): string {
  return upperFirst(camelCase(id));
}

/** `invoice.month-end` → `invoice-month-end`. */
export function kebabCase(id: string): string {
  const words = id.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').split(/[^A-Za-z0-9]+/);
  const name = words
    .filter((word) => word !== '')
    .join('-')
    .toLowerCase();
  return name === '' ? 'sequence' : name;
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
