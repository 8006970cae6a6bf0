import { systemToolNeed } from './system-tool.ts';

/** Confines the tests of a watched repository. */
export const sandboxTool = systemToolNeed({
  name: 'the sandbox tool bubblewrap',
  executables: ['bwrap'],
  folders: [],
  debianPackages: ['bubblewrap'],
  howToGet:
    'no sandbox tool (bubblewrap), so a repository may only be healed inside util-linux namespaces, if at all: `sudo apt-get install bubblewrap` (Debian, Ubuntu), `sudo dnf install bubblewrap` (Fedora)',
});
