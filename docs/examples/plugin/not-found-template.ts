import type { FixContext, FixTemplate } from 'selfheal/plugin';

/** The house's helper for things that are not there; its callers know how to show it. */
const HELPER = /^import \{[^}]*\bnotFound\b[^}]*\} from /m;

/** In files that import the house's `notFound`, a missing value is answered with it. */
export const notFoundTemplate: FixTemplate = {
  name: 'tills-not-found',
  categories: ['null-access'],
  prior: 0.7,
  source: 'House rule 12: what is not there is answered by notFound(what)',
  propose({ analysis, sources }: FixContext) {
    const causes = [analysis.rootCause, ...analysis.alternatives].filter((cause) => cause.category === 'null-access');
    return causes.flatMap(({ location, expression }) => {
      const text = sources.files[location.file];
      const receiver = expression === undefined ? undefined : receiverOf(expression);
      if (text === undefined || receiver === undefined || !HELPER.test(text)) return [];
      const lines = text.split('\n');
      const search = uniqueFrom(lines, location.line - 1);
      if (search === undefined) return [];
      const indent = /^\s*/.exec(lines[location.line - 1] ?? '')?.[0] ?? '';
      const guard = `${indent}if (${receiver} == null) throw notFound('${receiver}');\n`;
      return [
        {
          edits: [{ file: location.file, search, replace: guard + search }],
          title: `Answer notFound where ${receiver} is missing`,
          rationale: `\`${receiver}\` may be missing here, and this file answers for missing things with notFound().`,
          location,
          naturalness: 0.95,
        },
      ];
    });
  },
};

/** `product.price` → `product`; only what can be named in a message. */
function receiverOf(expression: string): string | undefined {
  return /^(?<receiver>[\w$]+)(?:\.|\[|\?\.)/.exec(expression)?.groups?.receiver;
}

/** The line with as many after it as make the text occur once in the file: an edit must find one place. */
function uniqueFrom(lines: readonly string[], start: number): string | undefined {
  const whole = lines.join('\n');
  for (let end = start + 1; end <= lines.length; end++) {
    const text = lines.slice(start, end).join('\n');
    if (whole.indexOf(text) === whole.lastIndexOf(text)) return text;
  }
  return undefined;
}
