export {
  credentialsOf,
  keptSettings,
  type ResourceSettings,
  type SealedRow,
  sealSettings,
  type SecretSettings,
  secretsSet,
  settingsOf,
  type SettingsChange,
  type SettingsColumns,
} from './sealed-settings.ts';
