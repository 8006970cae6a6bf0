import type { DecisionProposer, FailureContext, SourceSnapshot } from '@selfheal/contracts';
import { hashEdits, makeEdits } from '@selfheal/repair';
import { distance } from 'fastest-levenshtein';
import { decided, noIdea } from './answers.ts';

/**
 * A field that a provider renamed: the error names one that is missing, the failing input (or the error) holds one whose name is nearly the
 * same, and the code of the stack reads the old one. The patch reads the new name where it is there and the old one else, so that what worked
 * before goes on working.
 */
export function renamedField(snapshot: () => Promise<SourceSnapshot>): DecisionProposer {
  return {
    name: 'renamed-field',
    async propose(context, { previous }) {
      const missing = missingFields(context);
      if (missing.length === 0) return noIdea('the error names no missing field');
      const present = presentNames(context);
      const { files } = await snapshot();
      const places = placesOf(context).filter((file) => Object.hasOwn(files, file));
      const tried = new Set(previous.map(({ patchHash }) => patchHash));
      for (const name of missing) {
        const renamed = nearest(name, present);
        if (renamed === undefined) continue;
        for (const file of places) {
          const edits = editsFor(file, files[file] ?? '', name, renamed.name);
          if (edits.length === 0 || tried.has(hashEdits(edits))) continue;
          const reasoning = `"${name}" is missing and "${renamed.name}" is there: it seems to be renamed; ${file} reads either`;
          return decided('renamed-field', { decision: 'RETRY', reasoning, confidence: renamed.confidence, edits });
        }
      }
      return noIdea(
        `nothing that is there looks like ${missing.map((name) => `"${name}"`).join(' or ')}, or no code of the stack reads it`,
      );
    },
  };
}

const NAME = '[A-Za-z_$][\\w$-]*';

/** How errors name what is missing: of V8, of schema validators, of people. */
const SIGNS: readonly RegExp[] = [
  new RegExp(`reading ['"\`](${NAME})['"\`]`, 'g'),
  new RegExp(`["'\`](${NAME})["'\`] (?:is|was) (?:missing|required|undefined|not there|absent)`, 'gi'),
  new RegExp(
    `(?:missing|lacks|without|no|required|undefined)(?: (?:the|a))?(?: required)?(?: field| property| key| column)? ["'\`](${NAME})["'\`]`,
    'gi',
  ),
  new RegExp(`must have required property ["'](${NAME})["']`, 'g'),
  new RegExp(`"path":\\s*\\[[^\\]]*"(${NAME})"\\s*\\][^{}]*(?:required|undefined)`, 'gi'),
];

function missingFields({ error }: FailureContext): string[] {
  if (error === undefined) return [];
  const text = [error.message, ...error.causes.map(({ message }) => message)].join('\n');
  return [...new Set(SIGNS.flatMap((sign) => [...text.matchAll(sign)].flatMap(([, name]) => name ?? [])))];
}

/** Names of fields in the input, and words of the error that could be one. */
function presentNames({ input, error }: FailureContext): Set<string> {
  const keys = [...(input ?? '').matchAll(new RegExp(`"(${NAME})"\\s*:`, 'g'))].map(([, name = '']) => name);
  const words = [...(error?.message ?? '').matchAll(new RegExp(`\\b${NAME}`, 'g'))].map(([word]) => word);
  return new Set([...keys, ...words]);
}

/** Equal but for case and separators is a rename by all experience; a small distance may be one. */
function nearest(missing: string, present: ReadonlySet<string>): { name: string; confidence: number } | undefined {
  const others = [...present].filter((name) => name !== missing);
  const same = others.find((name) => plain(name) === plain(missing));
  if (same !== undefined) return { name: same, confidence: 0.9 };
  const near = others
    .map((name) => ({ name, far: distance(plain(name), plain(missing)) / Math.max(plain(name).length, plain(missing).length) }))
    .toSorted((a, b) => a.far - b.far)[0];
  return near !== undefined && near.far <= 0.25 ? { name: near.name, confidence: 0.9 - 2 * near.far } : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Files of the stack, the innermost first. */
function placesOf({ error }: FailureContext): string[] {
  const frames = error?.stack ?? [];
  return [...new Set(frames.flatMap((frame) => /([\w@./-]+\.[cm]?[jt]sx?):\d+/.exec(frame)?.[1] ?? []))].map((file) =>
    file.replace(/^\.\//, ''),
  );
}

/** Every read of the old name; what is assigned to stays as it is. */
function editsFor(file: string, text: string, old: string, renamed: string) {
  const receiver = '([A-Za-z_$][\\w$]*(?:\\??\\.[A-Za-z_$][\\w$]*|\\[\\w+\\])*)';
  const access = new RegExp(
    `${receiver}(\\??\\.)${old.replaceAll('$', '\\$')}\\b(?!\\s*(?:=[^=>]|\\())|${receiver}(\\?\\.)?\\[(['"])${old}\\5\\](?!\\s*=[^=>])`,
    'g',
  );
  // A read that is a fallback already reads either.
  const reads = [...text.matchAll(access)].filter(({ index }) => !/\?\?\s*$/.test(text.slice(0, index)));
  const changes = reads.map((match) => {
    const { index, 0: whole, 1: dotted, 2: dot, 3: indexed, 4: optional = '', 5: mark } = match;
    const read = dotted === undefined ? `${indexed}${optional}[${mark}${renamed}${mark}]` : named(dotted, dot ?? '.', renamed);
    return { start: index, end: index + whole.length, text: `(${read} ?? ${whole})` };
  });
  return makeEdits(file, text, changes);
}

function named(receiver: string, dot: string, name: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return `${receiver}${dot}${name}`;
  return `${receiver}${dot === '?.' ? '?.' : ''}[${JSON.stringify(name)}]`;
}
