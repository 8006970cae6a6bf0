export { type DocumentationInput, documentFix } from './document-fix.ts';
