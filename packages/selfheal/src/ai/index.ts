/** The model side for hosts and for the command; loaded by those alone who need it. */
export { checkTemplate, type NewPrompt, type PromptEntry, type SequenceProposal, type TemplateFinding } from '@selfheal/ai';
export { checkRemediation, type RemediatedBeat } from './check-remediation.ts';
export { comparePrompts, type PromptComparison, type PromptTrial } from './compare-prompts.ts';
export { diffPrompts } from './diff-prompts.ts';
export { type OpenPrompts, openPrompts } from './open-prompts.ts';
export { type PreviewSubject, type PromptPreview, previewPrompt } from './preview-prompt.ts';
export { proposeDocument } from './propose-document.ts';
