import { Placeholders, Redactor } from '@selfheal/redaction';
import type { TemplateFinding } from './template-finding.ts';

/** Templates are shared and shown in browsers: neither active HTML, nor chained SQL, nor what a reader would not see belongs into one. */
const HOSTILE: readonly (readonly [RegExp, string])[] = [
  [/<\s*\/?\s*(?:script|iframe|object|embed)\b/gi, 'active HTML'],
  [/<[^>]{0,200}\bon[a-z]{3,20}\s*=/gi, 'an HTML event handler'],
  [/\bjavascript\s*:/gi, 'a javascript: address'],
  [/['"]\s*;\s*(?:drop|delete|insert|update|alter|truncate)\s/gi, 'chained SQL'],
  [/['"]\s*or\s+(['"]?)\w{1,20}\1\s*=\s*\1\w{1,20}/gi, 'an SQL condition that is always true'],
  [/\bunion\s+(?:all\s+)?select\b/gi, 'a joined SQL query'],
  [/(?![\t\n\r])[\p{Cc}\p{Cf}\u115F\u1160\u3164]|[\u{E0100}-\u{E01EF}]/gu, 'an invisible or control character'],
  [/[⟦⟧]/gu, 'a mark that fences data; variables are fenced by themselves'],
];

export function findHostileText(text: string): TemplateFinding[] {
  return [
    ...HOSTILE.flatMap(([pattern, what]) =>
      Array.from(text.matchAll(pattern), ({ index }) => ({ ...placeOf(text, index), message: `${what} may not stand in a template` })),
    ),
    ...findSecrets(text),
  ];
}

/** A key in a template would travel in every prompt. */
function findSecrets(text: string): TemplateFinding[] {
  const redactor = new Redactor(new Placeholders(Buffer.alloc(32)));
  return text
    .split('\n')
    .flatMap((line, index) =>
      redactor.redact(line).redactions > 0 ? [{ line: index + 1, column: 1, message: 'a secret may not stand in a template' }] : [],
    );
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
