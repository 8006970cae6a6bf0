export type PackageManager = 'npm' | 'pnpm' | 'yarn';

export const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
export type DependencyField = (typeof DEPENDENCY_FIELDS)[number];

/** A dependency that is a package of the same workspace. */
export interface PackageLink {
  readonly name: string;
  /** Where it is written: in the manifest, or in the list of packages of the configuration. */
  readonly field: DependencyField | 'listed';
}

export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the root, with `/`; `.` for the root itself. */
  readonly directory: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly links: readonly PackageLink[];
}

export interface Workspace {
  readonly packageManager: PackageManager;
  /** By directory. */
  readonly packages: readonly WorkspacePackage[];
}
