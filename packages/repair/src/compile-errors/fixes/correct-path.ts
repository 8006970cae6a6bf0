import { dirname, posix } from 'node:path';
import { ts } from 'ts-morph';
import { nameSimilarity } from '../../locate/near-names.ts';
import { putTyped, type TypeEdit, type TypeFix } from '../type-fix.ts';

const MOST = 6;

export const correctPath: TypeFix = {
  name: 'correct-path',
  prior: 0.85,
  source: 'TSSB-3M: string change; ManySStuBs4J "change string": of module paths the files that there are tell',
  codes: new Set([2307, 2792, 2305, 2306, 2614, 2724, 2834, 2835, 5097]),
  *propose(site): Generator<TypeEdit> {
    const statement = ts.findAncestor(site.node, (one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one));
    const specifier = ts.isStringLiteral(site.node) ? site.node : statement?.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
    const quote = specifier.getText()[0];
    const extension = /\.[cm]?[jt]sx?$/.exec(specifier.text)?.[0];
    const paths = site.check.files.map((file) => {
      const path = posix.relative(dirname(site.error.file), file);
      const relative = path.startsWith('.') ? path : `./${path}`;
      return extension === undefined
        ? relative.replace(/(\/index)?\.[cm]?tsx?$/, '')
        : relative.replace(/\.([cm]?)tsx?$/, extension.includes('ts') ? '$&' : '.$1js');
    });
    const near = paths.filter((path) => path !== specifier.text).map((path) => ({ path, alike: nameSimilarity(path, specifier.text) }));
    for (const { path, alike } of near.sort((a, b) => b.alike - a.alike).slice(0, MOST))
      yield putTyped(site, specifier, `${quote}${path}${quote}`, alike);
    if (extension === undefined)
      for (const end of ['.js', '.ts', '/index.js']) yield putTyped(site, specifier, `${quote}${specifier.text}${end}${quote}`, 0.6);
  },
};
