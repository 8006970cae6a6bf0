import type { CodebaseInfo, SourceSnapshot } from '@selfheal/contracts';
import type { ClassDeclaration } from 'ts-morph';
import { openSource } from '../templates/source-files.ts';
import type { Found } from './app-entry.ts';
import { hasPackage } from './send-request.ts';

/**
 * Applications of NestJS, by their root modules: the one that `NestFactory.create` is given, else one that no other imports. Made with
 * `Test.createTestingModule` where the repository has @nestjs/testing.
 */
export function nestModules(codebase: CodebaseInfo, sources: SourceSnapshot): Found[] {
  const paths = codebase.files.filter((file) => !file.test && /@Module\s*\(/.test(sources.files[file.path] ?? '')).map((file) => file.path);
  const modules = paths.flatMap((path) =>
    (openSource(sources.files, path)?.getClasses() ?? [])
      .filter((one) => one.isExported() && one.getDecorator('Module') !== undefined)
      .flatMap((one) => ({ path, name: one.getName() ?? '', imports: importsOf(one) })),
  );
  const started = startedNames(sources);
  const imported = new Set(modules.flatMap(({ imports }) => imports));
  const roots = modules.filter(({ name }) => name !== '' && (started.size > 0 ? started.has(name) : !imported.has(name)));
  return roots.map(({ path, name }) => {
    const testing = hasPackage(sources, path, '@nestjs/testing');
    const code = testing
      ? `(await Test.createTestingModule({ imports: [${name}] }).compile()).createNestApplication()`
      : `await NestFactory.create(${name}, { logger: false })`;
    const maker = testing
      ? { module: '@nestjs/testing', name: 'Test', as: 'Test' }
      : { module: '@nestjs/core', name: 'NestFactory', as: 'NestFactory' };
    return { file: path, imports: [maker, { path, name, as: name }], code, framework: 'nest', listens: false };
  });
}

/** Names in `@Module({ imports: [A, B.forRoot()] })`. */
function importsOf(module: ClassDeclaration): string[] {
  const text = module.getDecorator('Module')?.getText() ?? '';
  const [, list = ''] = /\bimports\s*:\s*\[([^\]]*)\]/.exec(text) ?? [];
  return list.split(',').flatMap((item) => /^\s*([A-Za-z_$][\w$]*)/.exec(item)?.[1] ?? []);
}

function startedNames({ files }: SourceSnapshot): Set<string> {
  const calls = Object.entries(files).flatMap(([path, text]) =>
    /\.[cm]?[jt]s$/.test(path) ? [...text.matchAll(/NestFactory\.create(?:<[^>]*>)?\(\s*([A-Za-z_$][\w$]*)/g)] : [],
  );
  return new Set(calls.map(([, name = '']) => name));
}
