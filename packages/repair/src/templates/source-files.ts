import type { SourceSnapshot } from '@selfheal/contracts';
import { Project, type SourceFile, ts } from 'ts-morph';

const projects = new WeakMap<SourceSnapshot['files'], Project>();

/**
 * The syntax tree of a file of the snapshot; undefined where it has none. Trees are shared by all templates that look at one snapshot
 * and must not be changed: a template describes its change as text.
 */
export function openSource(files: SourceSnapshot['files'], path: string): SourceFile | undefined {
  if (!Object.hasOwn(files, path) || !/\.[cm]?[jt]sx?$/.test(path)) return undefined;
  const project = projects.get(files) ?? newProject();
  projects.set(files, project);
  return project.getSourceFile(`/${path}`) ?? project.createSourceFile(`/${path}`, files[path] ?? '');
}

/** The path within the repository of a tree that `openSource` gave. */
export function pathOf(source: SourceFile): string {
  return source.getFilePath().slice(1);
}

function newProject(): Project {
  return new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true, checkJs: false, noLib: true, jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ESNext },
  });
}
