import type { BeatKind } from '@selfheal/contracts';

interface NewHandler {
  readonly sequence: string;
  readonly handler: string;
  readonly kind: BeatKind;
}

/** The texts of a new handler, its test and its example, by path from the root. */
export function handlerFiles(beat: NewHandler): Record<string, string> {
  const { sequence, handler } = beat;
  return {
    [`handlers/${sequence}/${handler}.ts`]: handlerText(beat),
    [`handlers/${sequence}/${handler}.test.ts`]: testText(beat),
    [`fixtures/${sequence}/${handler}.example.json`]: `${JSON.stringify({ input: {}, output: {} }, null, 2)}\n`,
  };
}

function handlerText({ sequence, handler, kind }: NewHandler): string {
  const parameters = kind === 'pure' ? '(_input)' : 'async (_input, _ports)';
  return `import { type Handler, SelfhealError } from '@selfheal/contracts';

/** ${sequence}: what it reads, what it returns, how it fails. */
export const ${handler}: Handler<'${handler}'> = ${parameters} => {
  throw new SelfhealError('BEAT_FAILED', '${handler} is not written yet');
};
`;
}

function testText({ sequence, handler, kind }: NewHandler): string {
  return `import { readFileSync } from 'node:fs';
import { beats${kind === 'pure' ? '' : ', type Ports'} } from '@selfheal/contracts';
import { expect, it } from 'vitest';
import { ${handler} } from './${handler}.ts';

const EXAMPLE = new URL('../../fixtures/${sequence}/${handler}.example.json', import.meta.url);

it('turns the input of its example into the output', async () => {
  const example = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
  const input = beats.${handler}.input.parse(example.input);
  expect(await ${handler}(input${kind === 'pure' ? '' : ', portsOfTest()'})).toEqual(example.output);
});
${kind === 'pure' ? '' : portsText(handler)}`;
}

function portsText(handler: string): string {
  return `
function portsOfTest(): Ports {
  throw new Error('give ${handler} the ports that it uses');
}
`;
}
