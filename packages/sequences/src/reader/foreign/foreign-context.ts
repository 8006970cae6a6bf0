import type { BeatBase, Diagnostic } from '../../interpreter/plan.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';
import { BeatNames } from '../names.ts';
import { knownHandlers, type ReadOptions } from '../options.ts';
import { positionAt } from '../source-text.ts';

/** What reading one document of another tool shares. Such a document is taken as it is: what is unknown in it is left alone. */
export interface ForeignContext {
  readonly findings: Findings;
  readonly names: BeatNames;
  readonly handlers: ReadonlySet<string> | undefined;
  readonly sequences: readonly string[] | undefined;
}

export function foreignContext(options: ReadOptions, findings: Findings): ForeignContext {
  return { findings, names: new BeatNames(findings), handlers: knownHandlers(options), sequences: options.sequences };
}

export function baseAt(field: JsonField, id: string, { findings }: ForeignContext): BeatBase {
  return { id, timing: 'immediate', errorHandling: 'abort', at: positionAt(findings.source, field.offset) };
}

/** What the document asks for and this version does not do. */
export function unsupportedOf(findings: Findings): Diagnostic[] {
  return findings.all.filter(({ severity, code }) => severity !== 'error' && code !== 'JSON_LENIENT');
}

/**
 * The registered name for a handler as another tool writes it: `load`, `pkg.module#load`, `src\handlers\load.ts`. Where no
 * handlers are given every name is taken.
 */
export function resolveHandler(written: string, place: JsonField, { handlers, findings }: ForeignContext): string {
  const name = written.replaceAll('\\', '/');
  if (!handlers || handlers.has(name)) return name;
  const fragment = name.slice(name.lastIndexOf('#') + 1);
  const base = (fragment.split('/').at(-1) ?? fragment).replace(/\.[cm]?[jt]sx?$/, '');
  const known = [fragment, base].find((candidate) => handlers.has(candidate));
  if (known !== undefined) return known;
  findings.unknownName('error', 'HANDLER_UNKNOWN', place, 'the handler', name, [...handlers]);
  return name;
}

/** A name made of a title: `Build Pipeline` → `build-pipeline`. */
export function slug(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return words ? words.join('-') : 'sequence';
}
