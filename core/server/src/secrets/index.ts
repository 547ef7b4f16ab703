export {
  keptSettings,
  type ResourceSettings,
  sealSettings,
  secretsSet,
  settingsOf,
  type SettingsChange,
  type SettingsColumns,
} from './sealed-settings.ts';
