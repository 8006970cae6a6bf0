import type { FileCoverage } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import type { RepositoryCheckout } from '../checkout/checkout.ts';
import { toFileCoverage } from './file-coverage.ts';
import { mapScripts } from './map-scripts.ts';

const SOURCE = /\.[cm]?[jt]sx?$/;
const NOT_SOURCE =
  /(^|\/)(node_modules|dist|build|out|coverage|fixtures|__fixtures__|__mocks__|__tests__|tests?|specs?|examples?|docs|scripts|bench|benchmarks?)\/|(^|\/)\.|\.d\.[cm]?ts$|[._-](test|spec|config|conf|stories)\.[^./]+$|(^|\/)(test|gulpfile|gruntfile)\.[^./]+$/i;

/** Source files that no test loaded, with every executable line at zero. */
export async function untouchedFiles(checkout: RepositoryCheckout, loaded: ReadonlySet<string>): Promise<FileCoverage[]> {
  const found: FileCoverage[] = [];
  for (const path of checkout.paths) {
    if (loaded.has(path) || !SOURCE.test(path) || NOT_SOURCE.test(path)) continue;
    const text = await checkout.read(path);
    if (text !== undefined) found.push(...(await neverRan(checkout.path, path, text)));
  }
  return found;
}

async function neverRan(root: string, path: string, text: string): Promise<FileCoverage[]> {
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      jsx: ts.JsxEmit.React,
      sourceMap: true,
      removeComments: false,
    },
  });
  const url = `${root}/${path}`;
  const map = JSON.stringify({ ...JSON.parse(sourceMapText ?? '{}'), sourceRoot: '', sources: [url] });
  const whole = { functionName: '', isBlockCoverage: true, ranges: [{ startOffset: 0, endOffset: outputText.length, count: 0 }] };
  const script = {
    url,
    source: outputText,
    sourceMapURL: `data:application/json;base64,${Buffer.from(map).toString('base64')}`,
    functions: [whole],
  };
  return toFileCoverage(await mapScripts([script], root), root).filter((file) => file.path === path);
}
