export { checkIntegrity, type IntegrityInput, type IntegrityResult } from './check-integrity.ts';
