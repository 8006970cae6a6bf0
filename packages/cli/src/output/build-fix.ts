import type { BuildReport } from 'selfheal/build';
import { colourDiff, type Style } from './style.ts';

type BuildFix = BuildReport['fixes'][number];

/** What a person reads of one change: where, why, how sure, and all of it. */
export function fixLines({ number, task, file, line, confidence, diff, why, state }: BuildFix, style: Style): string[] {
  const place = `${number}. ${task}: ${file}:${line}`;
  if (state === 'refused') return [style.yellow(`! ${place}, refused: ${why}`)];
  const head = state === 'applied' ? style.green(`✔ ${place}, applied`) : style.cyan(`◇ ${place}, offered`);
  return [`${head} ${style.dim(`(confidence ${confidence.toFixed(2)})`)}`, `    ${why}`, colourDiff(diff.trimEnd(), style)];
}
