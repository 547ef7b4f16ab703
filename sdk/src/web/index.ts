/**
 * The browser half of the SDK: what the page gives to panels. `panel.ts` is where to start. Importing it defines the
 * `<stele-…>` elements, so a panel uses their tags and never defines one.
 */
export * from './api/client.ts';
export * from './api/problem.ts';
export type { UploadOptions } from './api/upload.ts';
export * from './components.ts';
export * from './context.ts';
export * from './copy.ts';
export * from './define.ts';
export { confirm, type Question } from './elements/confirm.ts';
export { SteleForm } from './elements/form.ts';
export { SteleIcon } from './elements/icon.ts';
export { SteleLog, type LogSource } from './elements/log.ts';
export { SteleDialog, SteleSheet } from './elements/overlays.ts';
export { SteleResourceSheet } from './elements/resource-sheet.ts';
export { SteleSegmented, type Segment } from './elements/segmented.ts';
export { hueOf, SteleCopy, SteleIconButton, SteleTile } from './elements/small.ts';
export { SteleEmpty, SteleError, SteleLoading, StelePageHeader, SteleSkeleton, wordsOf } from './elements/states.ts';
export { SteleStatus, SteleTime } from './elements/status.ts';
export * from './events/live-events.ts';
export * from './form/check.ts';
export * from './form/fields.ts';
export * from './form/words.ts';
export * from './format.ts';
export { iconAliases, icons } from './icons.ts';
export * from './list.ts';
export * from './live-list.ts';
export * from './log-lines.ts';
export * from './own-element.ts';
export * from './panel.ts';
export * from './phase.ts';
export * from './regional.ts';
export * from './resources/health.ts';
export * from './resources/resource-schema.ts';
export * from './random-key.ts';
export * from './styles.ts';
export * from './tokens.ts';
