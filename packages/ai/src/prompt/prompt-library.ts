import { randomUUID } from 'node:crypto';
import { type PromptTemplate, type PromptVersion, type Records, SelfhealError } from '@selfheal/contracts';
import { nearestName } from './nearest-name.ts';
import { checkPrompt, type NewPrompt } from './new-prompt.ts';
import { entry, type PromptEntry, rank, sees, systemEntry } from './prompt-entry.ts';
import { systemVersion, systemVersionId, versionId, versionRecord } from './prompt-version.ts';
import { systemTemplates } from './system-templates.ts';

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
    await records.transaction(async (trx) => {
      const changed = { ...apply(await mine(trx, id, by)), updatedAt: now() };
      refuseSameName(await own(trx), changed);
      await trx.put('promptTemplate', changed);
    });
    return entryOf(await records.need('promptTemplate', id));
  };
  const library: PromptLibrary = {
    async list(viewer, { deleted = false } = {}) {
      const seen = (await own(records)).filter(
        (template) => sees(viewer, template) && (template.deletedAt === undefined || (deleted && template.owner === viewer)),
      );
      return [
        ...(await Promise.all((await systemTemplates()).map((template) => systemEntry(records, projectId, template)))),
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
      const text = await checkPrompt(prompt);
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
      const text = await checkPrompt({ name: before.name, text: before.text, ...changes });
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
        const system = templateId.startsWith('system:');
        const id = system ? systemVersionId(projectId, templateId, version) : versionId(templateId, version);
        const stored =
          (await trx.get('promptVersion', id)) ?? (system ? await systemVersion(projectId, templateId, version, now()) : undefined);
        if (stored === undefined) return;
        await trx.put('promptVersion', { ...stored, uses: stored.uses + 1, successes: stored.successes + (healed ? 1 : 0) });
      }),
  };
  return library;
}

function refuseSameName(templates: readonly PromptTemplate[], template: PromptTemplate): void {
  if (template.deletedAt !== undefined) return;
  const twin = templates.find(
    ({ deletedAt, id, name, owner }) => id !== template.id && owner === template.owner && name === template.name && deletedAt === undefined,
  );
  if (twin !== undefined)
    throw new SelfhealError('RECORD_CONFLICT', `${template.owner} has a prompt template named ${template.name} already`, {
      where: { id: twin.id },
    });
}
