import { randomUUID } from 'node:crypto';
import { type PromptTemplate, type PromptVersion, type Records, SelfhealError } from '@selfheal/contracts';
import { checkTemplate } from './check-template.ts';
import { nearestName } from './nearest-name.ts';
import { type SystemTemplate, systemTemplates } from './system-templates.ts';
import { invalidTemplate } from './template-finding.ts';

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

export interface NewPrompt {
  readonly name: string;
  readonly text: string;
  readonly description?: string;
  readonly tags?: readonly string[];
}

export interface PromptLibrary {
  /** The system's templates, public ones, and those of `viewer`; deleted ones of the viewer where asked for. */
  list(viewer: string, options?: { deleted?: boolean }): Promise<PromptEntry[]>;
  /** By id, or by name among what the viewer sees; the newest version where none is named. Fails with PROMPT_UNKNOWN. */
  find(idOrName: string, viewer: string, version?: number): Promise<PromptEntry>;
  versions(id: string): Promise<PromptVersion[]>;
  /** Fails with PROMPT_INVALID, or RECORD_CONFLICT where the owner has one of that name. */
  create(prompt: NewPrompt, owner: string): Promise<PromptEntry>;
  /** A new version where the text changes. Fails with PROMPT_INVALID or PROMPT_NOT_YOURS. */
  edit(id: string, changes: Partial<NewPrompt>, by: string): Promise<PromptEntry>;
  setVisibility(id: string, visibility: PromptTemplate['visibility'], by: string): Promise<PromptEntry>;
  /** Deleted ones can be restored, and attempts that used them keep their texts. */
  setDeleted(id: string, deleted: boolean, by: string): Promise<PromptEntry>;
  /** Counts an attempt that used this version and ended. */
  recordOutcome(templateId: string, version: number, healed: boolean): Promise<void>;
}

export interface LibraryOptions {
  readonly records: Records;
  readonly projectId: string;
  readonly now?: () => number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,79}$/;
const TAG = /^[a-z0-9][a-z0-9-]{0,39}$/;
const MAX_DESCRIPTION = 500;

export function createPromptLibrary({ records, projectId, now = Date.now }: LibraryOptions): PromptLibrary {
  const own = (from: Records) => from.list('promptTemplate', { where: { projectId }, orderBy: { field: 'name' } });
  const entryOf = async (template: PromptTemplate, version = template.version) =>
    entry(template, await records.need('promptVersion', versionId(template.id, version)));
  const mine = async (from: Records, id: string, by: string) => {
    const template = (await own(from)).find((candidate) => candidate.id === id);
    if (template === undefined)
      throw new SelfhealError(
        'PROMPT_UNKNOWN',
        id.startsWith('system:') ? `${id} is the system's and cannot be changed; make a copy of it` : id,
      );
    if (template.owner !== by) throw new SelfhealError('PROMPT_NOT_YOURS', `${template.name} belongs to ${template.owner}, not to ${by}`);
    return template;
  };
  const change = async (id: string, by: string, apply: (template: PromptTemplate) => PromptTemplate) => {
    await records.transaction(async (trx) => trx.put('promptTemplate', { ...apply(await mine(trx, id, by)), updatedAt: now() }));
    return entryOf(await records.need('promptTemplate', id));
  };
  const library: PromptLibrary = {
    async list(viewer, { deleted = false } = {}) {
      const seen = (await own(records)).filter(
        (template) => sees(viewer, template) && (template.deletedAt === undefined || (deleted && template.owner === viewer)),
      );
      return [
        ...(await Promise.all((await systemTemplates()).map((template) => systemEntry(records, template)))),
        ...(await Promise.all(seen.map((template) => entryOf(template)))),
      ];
    },
    async find(idOrName, viewer, version) {
      const entries = await library.list(viewer, { deleted: true });
      const named = entries
        .filter(({ id, name }) => id === idOrName || name === idOrName)
        .toSorted((a, b) => rank(a, viewer) - rank(b, viewer));
      const found = named[0];
      if (found === undefined)
        throw new SelfhealError(
          'PROMPT_UNKNOWN',
          `"${idOrName}"${nearestName(
            idOrName,
            entries.map(({ name }) => name),
          )}`,
        );
      if (version === undefined || version === found.version) return found;
      const stored = await records.get('promptVersion', versionId(found.id, version));
      if (stored === undefined || found.visibility === 'system')
        throw new SelfhealError('PROMPT_UNKNOWN', `${found.name} has no version ${version}; its newest is ${found.version}`);
      return entry(await records.need('promptTemplate', found.id), stored);
    },
    versions: (id) => records.list('promptVersion', { where: { projectId, templateId: id }, orderBy: { field: 'version' } }),
    async create(prompt, owner) {
      const text = await checked(prompt);
      const createdAt = now();
      const id = `prompt-${randomUUID()}`;
      const template: PromptTemplate = {
        id,
        projectId,
        name: prompt.name,
        description: prompt.description ?? '',
        owner,
        visibility: 'private',
        tags: [...(prompt.tags ?? [])],
        version: 1,
        createdAt,
        updatedAt: createdAt,
      };
      await records.transaction(async (trx) => {
        refuseSameName(await own(trx), template);
        await trx.put('promptTemplate', template);
        await trx.put('promptVersion', versionRecord(template, text, owner, createdAt));
      });
      return entryOf(template);
    },
    async edit(id, changes, by) {
      const before = await entryOf(await mine(records, id, by));
      const text = await checked({ name: before.name, text: before.text, ...changes });
      await records.transaction(async (trx) => {
        const template = await mine(trx, id, by);
        const { description = template.description, name = template.name, tags = template.tags } = changes;
        const version = text.text === before.text ? template.version : template.version + 1;
        const changed = { ...template, description, name, tags: [...tags], version, updatedAt: now() };
        refuseSameName(await own(trx), changed);
        if (version !== template.version) await trx.put('promptVersion', versionRecord(changed, text, by, now()));
        await trx.put('promptTemplate', changed);
      });
      return entryOf(await records.need('promptTemplate', id));
    },
    setVisibility: (id, visibility, by) => change(id, by, (template) => ({ ...template, visibility })),
    setDeleted: (id, deleted, by) =>
      change(id, by, ({ deletedAt: _, ...template }) => (deleted ? { ...template, deletedAt: now() } : template)),
    recordOutcome: (templateId, version, healed) =>
      records.transaction(async (trx) => {
        const stored =
          (await trx.get('promptVersion', versionId(templateId, version))) ?? (await systemVersion(projectId, templateId, version, now()));
        if (stored === undefined) return;
        await trx.put('promptVersion', { ...stored, uses: stored.uses + 1, successes: stored.successes + (healed ? 1 : 0) });
      }),
  };
  return library;
}

export function versionId(templateId: string, version: number): string {
  return `${templateId}@${version}`;
}

interface Checked {
  readonly text: string;
  readonly variables: readonly string[];
}

async function checked({ description = '', name, tags = [], text }: NewPrompt): Promise<Checked> {
  if (!NAME.test(name))
    throw new SelfhealError(
      'INPUT_INVALID',
      `the name ${JSON.stringify(name.slice(0, 80))} is not 1 to 80 letters, digits, blanks and . _ -`,
    );
  if (description.length > MAX_DESCRIPTION || /\p{Cc}/u.test(description))
    throw new SelfhealError('INPUT_INVALID', `the description is one line of at most ${MAX_DESCRIPTION} characters`);
  const wrong = tags.find((tag) => !TAG.test(tag));
  if (wrong !== undefined)
    throw new SelfhealError('INPUT_INVALID', `the tag ${JSON.stringify(wrong.slice(0, 40))} is not 1 to 40 small letters, digits and -`);
  const { findings, variables } = await checkTemplate(text);
  if (findings.length > 0) throw invalidTemplate(name, findings);
  return { text, variables };
}

function refuseSameName(templates: readonly PromptTemplate[], template: PromptTemplate): void {
  const twin = templates.find(
    ({ deletedAt, id, name, owner }) => id !== template.id && owner === template.owner && name === template.name && deletedAt === undefined,
  );
  if (twin !== undefined)
    throw new SelfhealError('RECORD_CONFLICT', `${template.owner} has a prompt template named ${template.name} already`, {
      where: { id: twin.id },
    });
}

function versionRecord(
  { id, projectId, version }: PromptTemplate,
  { text, variables }: Checked,
  author: string,
  createdAt: number,
): PromptVersion {
  return {
    id: versionId(id, version),
    projectId,
    templateId: id,
    version,
    text,
    variables: [...variables],
    author,
    uses: 0,
    successes: 0,
    createdAt,
  };
}

/** The texts of system templates are files; a record of one counts its outcomes. */
async function systemVersion(
  projectId: string,
  templateId: string,
  version: number,
  createdAt: number,
): Promise<PromptVersion | undefined> {
  const template = (await systemTemplates()).find(({ id }) => id === templateId);
  if (template === undefined) return undefined;
  const { variables } = await checkTemplate(template.text);
  return {
    id: versionId(templateId, version),
    projectId,
    templateId,
    version,
    text: template.text,
    variables: [...variables],
    author: 'system',
    uses: 0,
    successes: 0,
    createdAt,
  };
}

function sees(viewer: string, { owner, visibility }: PromptTemplate): boolean {
  return visibility === 'public' || owner === viewer;
}

/** Of equal names: one's own, then public ones, then the system's; deleted ones last. */
function rank({ deleted, owner, visibility }: PromptEntry, viewer: string): number {
  return (deleted ? 10 : 0) + (visibility === 'system' ? 2 : owner === viewer ? 0 : 1);
}

function entry(template: PromptTemplate, version: PromptVersion): PromptEntry {
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

async function systemEntry(records: Records, { description, id, name, text, version }: SystemTemplate): Promise<PromptEntry> {
  const counted = await records.get('promptVersion', versionId(id, version));
  return { id, name, description, owner: 'system', visibility: 'system', tags: [], version, deleted: false, text, ...rateOf(counted) };
}

function rateOf(version: PromptVersion | undefined): Pick<PromptEntry, 'uses' | 'successRate'> {
  const uses = version?.uses ?? 0;
  return { uses, successRate: version === undefined || uses === 0 ? undefined : version.successes / uses };
}
