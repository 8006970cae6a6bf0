/** What the message of a runtime error says about the code that raised it. */
export type ErrorShape =
  | { readonly kind: 'null-access'; readonly access: 'read' | 'set'; readonly property: string | undefined; readonly value: string }
  | {
      readonly kind: 'null-destructure';
      readonly property: string | undefined;
      readonly subject: string | undefined;
      readonly value: string;
    }
  | { readonly kind: 'null-to-object' }
  | { readonly kind: 'not-iterable'; readonly subject: string | undefined }
  | { readonly kind: 'not-a-function'; readonly subject: string; readonly constructed: boolean }
  | { readonly kind: 'not-defined'; readonly name: string; readonly early: boolean }
  | { readonly kind: 'json' }
  | { readonly kind: 'invalid-date' }
  | { readonly kind: 'invalid-length' }
  | { readonly kind: 'empty-reduce' }
  | { readonly kind: 'bigint-mix' }
  | { readonly kind: 'other' };

type Reader = (match: RegExpExecArray) => ErrorShape;

/** Messages of V8 (current and older) and of JavaScriptCore. First match wins. */
const MESSAGES: readonly (readonly [RegExp, Reader])[] = [
  [
    /Cannot read propert(?:y|ies) (?:'([^']*)' )?of (undefined|null)(?: \(reading '([^']*)'\))?/,
    ([, older, value = 'undefined', property]) => ({ kind: 'null-access', access: 'read', property: property ?? older, value }),
  ],
  [
    /Cannot set propert(?:y|ies) (?:'([^']*)' )?of (undefined|null)(?: \(setting '([^']*)'\))?/,
    ([, older, value = 'undefined', property]) => ({ kind: 'null-access', access: 'set', property: property ?? older, value }),
  ],
  [
    /Cannot destructure property '([^']*)' of '(.*?)' as it is (undefined|null)/,
    ([, property, subject, value = 'undefined']) => ({ kind: 'null-destructure', property, subject, value }),
  ],
  [
    /Cannot destructure '(.*?)' as it is (undefined|null)/,
    ([, subject, value = 'undefined']) => ({ kind: 'null-destructure', property: undefined, subject, value }),
  ],
  [
    /(undefined|null) is not an object \(evaluating '(?:.*\.)?([\w$]+)'\)/,
    ([, value = 'undefined', property]) => ({ kind: 'null-access', access: 'read', property, value }),
  ],
  [/Cannot convert undefined or null to object/, () => ({ kind: 'null-to-object' })],
  [
    /is not a function or its return value is not (?:async )?iterable|Spread syntax requires \.\.\.iterable|undefined is not a function \(near/,
    () => ({ kind: 'not-iterable', subject: undefined }),
  ],
  [/(.+?) is not (?:async )?iterable/, ([, subject]) => ({ kind: 'not-iterable', subject: iterated(subject) })],
  [
    /(.+?) is not a (function|constructor)(?! or)/,
    ([, subject = '', what]) => ({ kind: 'not-a-function', subject: subject.trim(), constructed: what === 'constructor' }),
  ],
  [/([\w$]+) is not defined/, ([, name = '']) => ({ kind: 'not-defined', name, early: false })],
  [/Cannot access '([^']+)' before initialization/, ([, name = '']) => ({ kind: 'not-defined', name, early: true })],
  [/is not valid JSON|Unexpected end of JSON input|in JSON at position|JSON Parse error|after JSON/, () => ({ kind: 'json' })],
  [/Invalid time value|Invalid [Dd]ate/, () => ({ kind: 'invalid-date' })],
  [/Invalid array length|Invalid typed array length|Invalid count value/, () => ({ kind: 'invalid-length' })],
  [/Reduce of empty array with no initial value/, () => ({ kind: 'empty-reduce' })],
  [
    /Cannot mix BigInt and other types|Cannot convert a BigInt value to a number|Cannot convert .* to a BigInt/,
    () => ({ kind: 'bigint-mix' }),
  ],
];

export function readErrorShape(message: string): ErrorShape {
  for (const [pattern, read] of MESSAGES) {
    const match = pattern.exec(message);
    if (match !== null) return read(match);
  }
  return { kind: 'other' };
}

/** `object null (cannot read property Symbol(Symbol.iterator))`, `undefined`, and `Spread syntax requires ...` name nothing. */
function iterated(subject: string | undefined): string | undefined {
  const name = subject?.trim();
  return name === undefined || /^(?:undefined|null|object null|object is|number|boolean)/.test(name) ? undefined : name;
}
