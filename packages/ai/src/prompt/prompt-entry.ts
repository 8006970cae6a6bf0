import type { PromptTemplate, PromptVersion, Records } from '@selfheal/contracts';
import { systemVersionId } from './prompt-version.ts';
import type { SystemTemplate } from './system-templates.ts';

/** A template as people see it: one of the system's, or one of theirs. */
export interface PromptEntry {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly visibility: 'system' | PromptTemplate['visibility'];
  readonly tags: readonly string[];
  readonly version: number;
  readonly deleted: boolean;
  readonly text: string;
  /** Of this version: attempts that used it, and the share that healed; none where it was not used. */
  readonly uses: number;
  readonly successRate: number | undefined;
}

export function sees(viewer: string, { owner, visibility }: PromptTemplate): boolean {
  return visibility === 'public' || owner === viewer;
}

/** Of equal names: one's own, then public ones, then the system's; deleted ones last. */
export function rank({ deleted, owner, visibility }: PromptEntry, viewer: string): number {
  return (deleted ? 10 : 0) + (visibility === 'system' ? 2 : owner === viewer ? 0 : 1);
}

export function entry(template: PromptTemplate, version: PromptVersion): PromptEntry {
  const { description, id, name, owner, tags, visibility } = template;
  return {
    id,
    name,
    description,
    owner,
    visibility,
    tags,
    deleted: template.deletedAt !== undefined,
    version: version.version,
    text: version.text,
    ...rateOf(version),
  };
}

export async function systemEntry(
  records: Records,
  projectId: string,
  { description, id, name, text, version }: SystemTemplate,
): Promise<PromptEntry> {
  const counted = await records.get('promptVersion', systemVersionId(projectId, id, version));
  return { id, name, description, owner: 'system', visibility: 'system', tags: [], version, deleted: false, text, ...rateOf(counted) };
}

function rateOf(version: PromptVersion | undefined): Pick<PromptEntry, 'uses' | 'successRate'> {
  const uses = version?.uses ?? 0;
  return { uses, successRate: version === undefined || uses === 0 ? undefined : version.successes / uses };
}
