import type { SequencePlan } from '../interpreter/plan.ts';
import { kebabCase } from './names.ts';
import type { NamedPlan } from './print-workflow.ts';

const TEMPORAL_VERSION = '1.23.0';

/** The task queue of the worker and of the runs that are started for it. */
function queueOf(plan: SequencePlan): string {
  return kebabCase(plan.id);
}

export function printPackage(plan: SequencePlan): string {
  const temporal = ['activity', 'client', 'common', 'worker', 'workflow'].map((name) => [`@temporalio/${name}`, TEMPORAL_VERSION]);
  const manifest = {
    name: kebabCase(plan.id),
    version: '1.0.0',
    private: true,
    description: plan.description ?? plan.name,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts: { check: 'tsc --noEmit', worker: 'node src/run-worker.ts', start: 'node src/run-workflow.ts' },
    dependencies: Object.fromEntries(temporal),
    devDependencies: { '@types/node': '^24.0.0', typescript: '^6.0.0' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function printTsconfig(): string {
  const compilerOptions = {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  };
  return `${JSON.stringify({ compilerOptions, include: ['src'] }, null, 2)}\n`;
}

export function printIndex(all: readonly NamedPlan[]): string {
  return `${all.map(({ workflow, file }) => `export { ${workflow} } from './${file}.ts';`).join('\n')}\n`;
}

export function printWorker(plan: SequencePlan): string {
  return `import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from './activities.ts';

export const TASK_QUEUE = '${queueOf(plan)}';

/** A worker for the workflows and their activities. */
export function createWorker(connection: NativeConnection, activities: Activities, namespace = 'default'): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)),
    activities,
  });
}
`;
}

export function printRunWorker(): string {
  return `/** Runs a worker with the activities that a module exports: npm run worker -- ./my-activities.ts */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NativeConnection } from '@temporalio/worker';
import { ACTIVITY_NAMES, type Activities } from './activities.ts';
import { createWorker } from './worker.ts';

const file = process.argv[2];
if (file === undefined) throw new Error('usage: npm run worker -- <module that exports the activities>');
const activities: unknown = await import(pathToFileURL(resolve(file)).href);
if (!areActivities(activities)) throw new Error(\`\${file} exports no function \${missingIn(activities).join(', ')}\`);

const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
const worker = await createWorker(connection, activities, process.env.TEMPORAL_NAMESPACE);
await worker.run();
await connection.close();

function areActivities(module: unknown): module is Activities {
  return missingIn(module).length === 0;
}

function missingIn(module: unknown): readonly string[] {
  const exported: Readonly<Record<string, unknown>> = typeof module === 'object' && module !== null ? { ...module } : {};
  return ACTIVITY_NAMES.filter((name) => typeof exported[name] !== 'function');
}
`;
}

export function printRunWorkflow({ workflow, file }: NamedPlan): string {
  return `/** Runs the sequence once and prints its result: npm start -- '{"field": "value"}' */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { TASK_QUEUE } from './worker.ts';
import type { ${workflow} } from './workflows/${file}.ts';

const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
const client = new Client({ connection, namespace: process.env.TEMPORAL_NAMESPACE ?? 'default' });
const result = await client.workflow.execute<typeof ${workflow}>('${workflow}', {
  taskQueue: TASK_QUEUE,
  workflowId: \`\${TASK_QUEUE}/\${randomUUID()}\`,
  args: [JSON.parse(process.argv[2] ?? '{}')],
});
process.stdout.write(\`\${JSON.stringify(result, null, 2)}\\n\`);
await connection.close();
`;
}

export function printReadme(plan: SequencePlan, all: readonly NamedPlan[], remediates: boolean): string {
  const files = all.map(({ plan: { id }, workflow, file }) => `- \`src/workflows/${file}.ts\`: \`${workflow}\`, the sequence \`${id}\``);
  return `# ${plan.name}

${plan.description ?? 'A Temporal project, compiled from a sequence document by `selfheal sequence compile`.'}

${files.join('\n')}
- \`src/activities.ts\`: what the workflows call; implement the interface \`Activities\` in a module of your own
- \`src/worker.ts\`, \`src/run-worker.ts\`, \`src/run-workflow.ts\`: the worker, and starting it and a run
${remediates ? '- `src/remediation.ts`: who decides on beats that failed for good: an engine of selfheal (`selfheal up`), on the same server and namespace\n' : ''}- \`src/library\`: the rules of the sequence language (paths, conditions, retries, branches), as selfheal's interpreter has them

\`\`\`sh
npm install
npm run check
npm run worker -- ./my-activities.ts
npm start -- '{}'
\`\`\`

\`TEMPORAL_ADDRESS\` and \`TEMPORAL_NAMESPACE\` name the server; an approval is answered by the update \`decideBeat\`, an event is the signal \`event\`.
`;
}
