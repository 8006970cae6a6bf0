export { createLocalForge, type LocalForgeOptions } from './local-forge.ts';
