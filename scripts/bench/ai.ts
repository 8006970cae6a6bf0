import { join } from 'node:path';
import { buildPrompt, compileTemplate, createModelProposer, templateChooser } from '@selfheal/ai';
import { aiConfig, type FailureContext, type ProposeOptions, type Records } from '@selfheal/contracts';
import { Placeholders } from '@selfheal/redaction';
import { openStore } from '@selfheal/store';
import { startModelServer } from '@selfheal/testkit';
import { openPrompts } from 'selfheal/ai';
import { hostileModelRows } from './hostile-models.ts';
import { median, type Row } from './table.ts';
import { took } from './took.ts';
import { makeWorkspace } from './workspace.ts';

const CONTEXT_BOUND_S = 5;
const RENDER_BOUND_MS = 100;
const MAX_BYTES = 51_200;
const ROUNDS = 20;

/** What the model side of a remediation takes: the context of a failure in 5,000 files, a prompt, a decision with one provider down, and what hostile models bring about. */
export async function runAiBench(folder: string): Promise<Row[]> {
  const root = join(folder, 'ai-workspace');
  const { files } = await makeWorkspace(root);
  process.stdout.write(`ai: ${Object.keys(files).length} files\n`);
  await using prompts = await openPrompts({ repo: root, dataDir: join(folder, 'ai-data') });
  const gather = () => prompts.gather(failure(), { preset: 'comprehensive', logLines: 1_000 });
  const first = await took(gather);
  const again = await took(gather);
  const rows: Row[] = [
    { what: 'context of a failure, first in this process', value: first.wall, unit: 's', bound: CONTEXT_BOUND_S },
    { what: 'context of a failure, first, processor time', value: first.cpu, unit: 's' },
    { what: 'context of a failure, again', value: again.wall, unit: 's', bound: CONTEXT_BOUND_S },
    { what: 'context as JSON', value: Buffer.byteLength(JSON.stringify(first.result)), unit: 'bytes', bound: MAX_BYTES },
    { what: 'parts of code in it', value: first.result.code?.length ?? 0, unit: 'parts' },
  ];
  for (const template of (await prompts.prompts.list('bench')).filter(({ visibility }) => visibility === 'system')) {
    rows.push({
      what: `render the prompt "${template.name}"`,
      value: await renderMs(template, first.result),
      unit: 'ms',
      bound: RENDER_BOUND_MS,
    });
  }
  return [...rows, ...(await decisions(folder, first.result)), ...(await hostileModelRows(folder, first.result))];
}

async function renderMs(template: { id: string; name: string; version: number; text: string }, context: FailureContext): Promise<number> {
  const compiled = await compileTemplate(template.name, template.text);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    buildPrompt({ id: template.id, version: template.version, compiled }, { context, attempt: 1, maxAttempts: 3, previous: [] }, 120_000);
    times.push(performance.now() - started);
  }
  return median(times);
}

/** Servers of this machine that answer at once: what is measured is what selfheal adds. */
async function decisions(folder: string, context: FailureContext): Promise<Row[]> {
  const answer = { decision: 'FAIL', reasoning: 'measured', confidence: 1, edits: [], expectedOutcome: '' };
  await using up = await startModelServer(() => ({ answer }));
  await using down = await startModelServer(() => ({ status: 503 }));
  const store = await openStore({ dataDir: join(folder, 'ai-spend') });
  try {
    const openAi = { api: 'openai', model: 'gpt-5.1', baseUrl: up.openAiUrl } as const;
    const anthropic = { api: 'anthropic', model: 'claude-sonnet-5-5', baseUrl: down.anthropicUrl } as const;
    const alone = await decisionMs(store.records, [openAi], context);
    const fallback = await decisionMs(store.records, [anthropic, openAi], context);
    return [
      { what: 'decision of a model, its own time aside', value: alone, unit: 'ms' },
      { what: 'decision with the first provider down', value: fallback, unit: 'ms' },
    ];
  } finally {
    await store.close();
  }
}

async function decisionMs(
  records: Records,
  models: readonly { api: 'anthropic' | 'openai'; model: string; baseUrl: string }[],
  context: FailureContext,
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS / 4; round += 1) {
    const projectId = `bench-${models.length}`;
    const proposer = createModelProposer({
      config: aiConfig.parse({ models, cacheMs: 0, maxRequests: 1, monthlyLimitUsd: 1_000, incidentLimitUsd: 1_000 }),
      env: {},
      records,
      projectId,
      placeholders: new Placeholders(Buffer.alloc(32)),
      chooseTemplate: templateChooser({ records, projectId }),
    });
    const options: ProposeOptions = { projectId, incidentId: 'bench', remediation: { enabled: true }, attempt: 1, previous: [] };
    times.push((await took(() => proposer.propose(context, options, new AbortController().signal))).wall * 1_000);
  }
  return median(times);
}

/** An error deep in the workspace, with a thousand log lines before it. */
function failure(): Parameters<Awaited<ReturnType<typeof openPrompts>>['gather']>[0] {
  const file = 'packages/area-7/src/feature-3/service.ts';
  const routes = 'packages/area-7/src/feature-3/routes.ts';
  return {
    subject: { sequence: 'bench', beat: 'total', handler: 'totalArea7Feature3Step2' },
    error: {
      type: 'TypeError',
      message: "Cannot read properties of undefined (reading 'price')",
      stack: `    at totalArea7Feature3Step2 (${file}:40:20)\n    at totalArea7Feature3Step1 (${file}:24:9)\n    at routes (${routes}:12:25)`,
    },
    logs: Array.from({ length: 1_000 }, (_, index) => ({
      text: `2026-05-01T00:00:00.${String(index % 1_000).padStart(3, '0')}Z ERROR not found id=ord-${index} unknown customer ${index % 7} of area`,
    })),
    input: { id: 'ord-1', rate: 2 },
  };
}
