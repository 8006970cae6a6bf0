import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setupContext } from '../testing/setup-context.ts';
import { type TempTree, tempTree } from '../testing/temp-tree.ts';
import { systemToolNeed } from './system-tool.ts';

const TOOL = {
  name: 'the drill',
  executables: ['drill', 'bit'],
  folders: [],
  debianPackages: ['power-drill'],
  howToGet: 'no drill: `sudo apt-get install power-drill`',
};
const need = systemToolNeed(TOOL);

/** An apt-get that notes its calls; `install` does what the script says. */
function withApt(tree: TempTree, install: string): void {
  tree.writeProgram(
    'bin/apt-get',
    `echo "$DEBIAN_FRONTEND $*" >> ${tree.path('calls')}\ncase "$*" in *install*) ${install};; *) exit 100;; esac`,
  );
}

const installDrill = (tree: TempTree) =>
  ['drill', 'bit'].map((name) => `echo x > ${tree.path(`bin/${name}`)}; /bin/chmod +x ${tree.path(`bin/${name}`)}`).join('; ');

describe('a tool of the system', () => {
  it('is left alone when it is there', async () => {
    using tree = tempTree();
    withApt(tree, 'exit 0');
    tree.writeProgram('bin/drill', 'exit 0');
    tree.writeProgram('bin/bit', 'exit 0');
    const context = setupContext(tree);
    expect(await need.ensure(context)).toBeUndefined();
    expect(context.said).toEqual([]);
    expect(existsSync(tree.path('calls'))).toBe(false);
  });

  it('is installed by apt, also when the package lists cannot be renewed', async () => {
    using tree = tempTree();
    withApt(tree, installDrill(tree));
    const context = setupContext(tree);
    expect(await need.ensure(context)).toBeUndefined();
    expect(context.said).toEqual(['installing the drill (apt-get) ...', expect.stringMatching(/^the drill installed in [\d.]+ s$/)]);
    expect(tree.read('calls')).toMatch(/^noninteractive .* update\nnoninteractive .* install -y --no-install-recommends power-drill\n$/);
  });

  it('is told in one line when apt has none, and apt is not asked again at the next start', async () => {
    using tree = tempTree();
    withApt(tree, 'exit 100');
    expect(await need.ensure(setupContext(tree))).toBe(TOOL.howToGet);
    const asked = tree.read('calls');
    const next = setupContext(tree, 'start');
    expect(await need.ensure(next)).toBe(TOOL.howToGet);
    expect({ said: next.said, calls: tree.read('calls') }).toEqual({ said: [], calls: asked });
    expect(await need.ensure(setupContext(tree, 'setup'))).toBe(TOOL.howToGet);
    expect(tree.read('calls')).toBe(asked + asked);
  });

  it('is told in one line when apt claims success but half is missing', async () => {
    using tree = tempTree();
    withApt(tree, 'exit 0');
    tree.writeProgram('bin/drill', 'exit 0');
    expect(await need.ensure(setupContext(tree))).toBe(TOOL.howToGet);
  });

  it.each([
    ['to a user who is not root', 1000, true],
    ['on a system without apt', 0, false],
    ['on a system without user ids', undefined, true],
  ])('is only told %s', async (_, userId, hasApt) => {
    using tree = tempTree();
    if (hasApt) withApt(tree, installDrill(tree));
    const context = { ...setupContext(tree), userId };
    expect(await need.ensure(context)).toBe(TOOL.howToGet);
    expect(context.said).toEqual([]);
    expect(existsSync(tree.path('calls'))).toBe(false);
  });

  it('is installed inside what the tool puts around', async () => {
    using tree = tempTree();
    withApt(tree, installDrill(tree));
    const order: string[] = [];
    const wrapped = systemToolNeed({
      ...TOOL,
      aroundInstall: async (install) => {
        order.push(`before: ${existsSync(tree.path('calls'))}`);
        const installed = await install();
        order.push(`after: ${installed}`);
        return installed;
      },
    });
    expect(await wrapped.ensure(setupContext(tree))).toBeUndefined();
    expect(order).toEqual(['before: false', 'after: true']);
  });
});
