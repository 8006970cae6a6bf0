import { checkSetup } from 'selfheal';
import { styleOf } from '../output/style.ts';
import { writeJson } from '../output/write-json.ts';
import { exitWith, type Terminal } from '../terminal.ts';
import type { CommonOptions } from './options.ts';

/** `selfheal doctor`: exit 1 when something that a heal needs is missing. */
export async function doctorCommand(terminal: Terminal, options: CommonOptions): Promise<void> {
  const style = styleOf(terminal);
  const findings = await checkSetup({
    repo: options.repo,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    env: terminal.env,
  });
  await writeJson(terminal, options.json, findings);
  if (options.json !== '-') {
    for (const finding of findings) {
      const mark = finding.state === 'ok' ? style.green('✔') : finding.state === 'missing' ? style.red('✖') : style.yellow('!');
      terminal.stdout.write(
        `${mark} ${finding.name.padEnd(16)} ${finding.found}${finding.fix === undefined ? '' : `\n  ${style.dim(finding.fix)}`}\n`,
      );
    }
  }
  exitWith(findings.some((finding) => finding.state === 'missing') ? 1 : 0);
}
