import { type AiRemediationOptions, SelfhealError } from '@selfheal/contracts';
import { applyEdits, findNodeAtOffset, getNodePath, modify, type Node, parseTree } from 'jsonc-parser';
import { allBeats } from '../interpreter/all-beats.ts';
import type { SequencePlan } from '../interpreter/plan.ts';
import { nearestName } from '../nearest.ts';
import { formatDiagnostic } from '../reader/format-diagnostic.ts';
import { readSequence } from '../reader/read-sequence.ts';

export interface SetRemediation {
  /** Named in errors. */
  readonly file: string;
  /** Id of the beat. */
  readonly beat: string;
  /** What the beat is to say; undefined: nothing of its own. */
  readonly remediation: AiRemediationOptions | undefined;
}

/**
 * The document with another `aiRemediation` at one beat, all else as it stands. Fails with SEQUENCE_INVALID where the document is not one of ours or is not
 * valid, before or after, and with INPUT_INVALID where it has no such beat.
 */
export function setRemediation(text: string, { beat: id, file, remediation }: SetRemediation): string {
  const plan = planOf(text, file);
  const beats = allBeats(plan);
  const beat = beats.find((one) => one.id === id);
  if (beat === undefined) {
    const ids = beats.map((one) => one.id);
    throw new SelfhealError('INPUT_INVALID', `${file} has no beat "${id}"${hint(nearestName(id, ids))}; it has ${ids.join(', ')}`);
  }
  const root = parseTree(text);
  const node = root && objectAt(findNodeAtOffset(root, offsetOf(text, beat.at)));
  if (node === undefined) throw new SelfhealError('SEQUENCE_INVALID', `the beat "${id}" was not found in ${file}`);
  // Without a style: with one, what stands around it would be laid out anew.
  const changed = applyEdits(text, modify(text, [...getNodePath(node), 'aiRemediation'], remediation, {}));
  planOf(changed, file);
  return changed;
}

function planOf(text: string, file: string): SequencePlan {
  const { diagnostics, format, plan } = readSequence(text, { file });
  if (plan !== undefined && format === 'selfheal') return plan;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map((error) => formatDiagnostic(error, text));
  throw new SelfhealError('SEQUENCE_INVALID', errors.join('\n') || `${file} is no sequence document of ours, but ${format}`);
}

function objectAt(node: Node | undefined): Node | undefined {
  return node === undefined || node.type === 'object' ? node : objectAt(node.parent);
}

function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

function hint(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}
