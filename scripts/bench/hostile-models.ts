import { join } from 'node:path';
import { createModelProposer, templateChooser } from '@selfheal/ai';
import { aiConfig, type FailureContext, type Proposal, type ProposeOptions, type Records } from '@selfheal/contracts';
import { Placeholders } from '@selfheal/redaction';
import { openStore } from '@selfheal/store';
import { CANARY_KEY, HOSTILE_MODELS, type HostileCase, startModelServer } from '@selfheal/testkit';
import type { Row } from './table.ts';

const TIMEOUT_MS = 2_000;
const FOREIGN = /^(?:\/|[A-Za-z]:)|(?:^|[\\/])(?:\.{1,2}|\.git)(?:[\\/]|$)|\p{Cc}|\p{Cf}/iu;
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}]/u;

/** Asks every hostile model of the test kit, and counts what came of it: decisions that can be used, and what must never be in one. */
export async function hostileModelRows(folder: string, context: FailureContext): Promise<Row[]> {
  const store = await openStore({ dataDir: join(folder, 'hostile') });
  const all = HOSTILE_MODELS.flatMap(([, cases]) => cases);
  await using server = await startModelServer(({ body }) => all[Number(body.raw.model)]?.behaviour ?? { status: 404 });
  try {
    const rows: Row[] = [];
    const proposals: Proposal[] = [];
    for (const [kind, cases] of HOSTILE_MODELS) {
      const outcomes: Proposal[] = [];
      for (const hostile of cases) outcomes.push(await ask(store.records, server.openAiUrl, all.indexOf(hostile), context));
      proposals.push(...outcomes);
      rows.push({
        what: `hostile models: ${kind}, other than expected of ${cases.length}`,
        value: outcomes.filter((one, index) => outcomeOf(one) !== cases[index]?.expected).length,
        unit: 'cases',
        bound: 0,
      });
    }
    rows.push({
      what: `edits outside the repository or with hidden characters, of ${proposals.length} cases`,
      value: proposals.filter(hasForeignEdit).length,
      unit: 'cases',
      bound: 0,
    });
    rows.push({
      what: `the key in a decision, of ${proposals.length} cases`,
      value: proposals.filter((one) => JSON.stringify(one).includes(CANARY_KEY)).length,
      unit: 'cases',
      bound: 0,
    });
    return rows;
  } finally {
    await store.close();
  }
}

async function ask(records: Records, url: string, index: number, context: FailureContext): Promise<Proposal> {
  const model = String(index);
  const projectId = 'hostile';
  const proposer = createModelProposer({
    config: aiConfig.parse({
      models: [{ api: 'openai', model, baseUrl: url, keyEnv: 'CANARY', maxOutputTokens: 1_000 }],
      prices: { [model]: { input: 2, output: 10 } },
      timeoutMs: TIMEOUT_MS,
      maxRequests: 1,
      cacheMs: 0,
    }),
    env: { CANARY: CANARY_KEY },
    records,
    projectId,
    placeholders: new Placeholders(Buffer.alloc(32)),
    chooseTemplate: templateChooser({ records, projectId }),
  });
  const options: ProposeOptions = { projectId, incidentId: model, remediation: { enabled: true }, attempt: 1, previous: [] };
  return proposer.propose(context, options, new AbortController().signal);
}

function outcomeOf({ outcome }: Proposal): HostileCase['expected'] {
  if (outcome.kind === 'abstained') return 'abstained';
  return outcome.decision.decision === 'FAIL' && outcome.decision.confidence === 0 ? 'FAIL' : 'decided';
}

function hasForeignEdit({ outcome }: Proposal): boolean {
  return (
    outcome.kind === 'decided' &&
    (outcome.decision.patch?.edits ?? []).some(({ file, replace }) => FOREIGN.test(file) || HIDDEN.test(replace))
  );
}
