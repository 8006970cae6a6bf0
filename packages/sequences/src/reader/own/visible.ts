import { isLiteral, isPathOptions, isTemplate, TEMPLATE_PLACE } from '../../interpreter/mapping.ts';
import { RESERVED_NAMES } from '../../interpreter/memory.ts';
import { isPath, parsePath } from '../../interpreter/path.ts';
import type { Findings } from '../findings.ts';
import type { JsonField } from '../json-field.ts';

/** The names that a path may begin with at some place of a document: reserved ones, loop variables, beats that ran before. */
export type Visible = ReadonlySet<string>;

export const VISIBLE_AT_START: Visible = new Set(RESERVED_NAMES);

export function withNames(visible: Visible, ...names: readonly string[]): Visible {
  return new Set([...visible, ...names]);
}

/** Checks every path in a mapped value; see `InputMapping` for where paths stand. */
export function checkMapped(field: JsonField | undefined, visible: Visible, findings: Findings): void {
  if (!field) return;
  const { value } = field;
  if (isPath(value)) checkPath(value, field, visible, findings);
  else if (isPathOptions(value)) checkPath(value.path, field.get('path') ?? field, visible, findings);
  else if (isTemplate(value)) {
    const place = field.get('template') ?? field;
    for (const [, path] of value.template.matchAll(TEMPLATE_PLACE)) checkPath(path ?? '', place, visible, findings);
  } else if (!isLiteral(value)) {
    for (const child of [...field.properties().values(), ...field.items()]) checkMapped(child, visible, findings);
  }
}

export function checkPath(path: string, place: JsonField, visible: Visible, findings: Findings): void {
  const parsed = parsePath(path);
  if ('problem' in parsed) {
    findings.add('error', 'PATH_INVALID', place, `the path "${path}" cannot be read: ${parsed.problem}`, {
      expected: 'a path such as $.input.files[0].name',
    });
    return;
  }
  const root = String(parsed.segments[0]);
  if (visible.has(root)) return;
  findings.unknownName('error', 'PATH_UNKNOWN', place, `the path "${path}" begins at a name that is not there by then:`, root, [
    ...visible,
  ]);
}
