import { posix } from 'node:path';
import type {
  Candidate,
  CodebaseInfo,
  Diagnosis,
  DocumentationFix,
  Edit,
  RegressionTest,
  SelfhealConfig,
  SourceSnapshot,
  Trial,
} from '@selfheal/contracts';
import { applyEdits } from '../patch/apply-edits.ts';
import { newFile } from '../patch/make-edits.ts';
import { changelogEntry } from './changelog.ts';
import { docCommentEdits } from './doc-comment.ts';
import { incidentNote } from './incident-note.ts';

export interface DocumentationInput {
  readonly diagnosis: Diagnosis;
  readonly codebase: CodebaseInfo;
  readonly sources: SourceSnapshot;
  readonly candidate?: Candidate | undefined;
  readonly test: RegressionTest;
  readonly trials: readonly Trial[];
  readonly policy: SelfhealConfig['policy'];
}

/**
 * The documentation that a fix touches: the doc comment of the changed function, an entry in the changelog where one is kept, and an
 * incident note, in the tree only where the policy names a folder for notes. The edits apply after those of the candidate.
 */
export function documentFix(input: DocumentationInput): DocumentationFix {
  const { candidate, sources, codebase, diagnosis, policy } = input;
  const note = incidentNote(input);
  const edits: Edit[] = [];
  if (candidate) {
    const after = applyEdits(sources.files, candidate.edits);
    edits.push(...docCommentEdits(candidate, after, sources.files));
    const { changelog } = codebase;
    const text = changelog === undefined ? undefined : after[changelog];
    if (changelog !== undefined && text !== undefined) edits.push(...changelogEntry(changelog, text, changelogText(input, candidate)));
  }
  if (policy.notes !== undefined) {
    const file = posix.join(policy.notes, `${diagnosis.incidentId.replace(/[^\w.-]/g, '-')}.md`);
    if (!Object.hasOwn(sources.files, file)) edits.push(newFile(file, note));
  }
  return { edits, note, touched: [...new Set(edits.map((edit) => edit.file))] };
}

function changelogText({ diagnosis }: DocumentationInput, candidate: Candidate): string {
  const { location } = diagnosis.analysis.rootCause;
  const subject = location.function ?? posix.basename(location.file);
  const what: Record<Diagnosis['type'], string> = {
    error: `${subject} no longer fails: ${lowerFirst(candidate.title)}`,
    performance: `${subject} is faster: ${lowerFirst(candidate.title)}`,
    behavioral: `${subject} runs its steps as declared: ${lowerFirst(candidate.title)}`,
    coverage: `${subject} is tested`,
  };
  return what[diagnosis.type].replace(/\s+/g, ' ');
}

function lowerFirst(text: string): string {
  return (text[0]?.toLowerCase() ?? '') + text.slice(1);
}
