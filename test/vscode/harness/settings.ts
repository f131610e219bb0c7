// User settings of the editor under test: nothing that distracts, asks, or talks to a network.
export type Settings = Record<string, unknown>;
export type Theme = 'dark' | 'light';

export const THEMES: Record<Theme, string> = { dark: 'Dark Modern', light: 'Light Modern' };

export const TEST_SETTINGS: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': THEMES.dark,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'update.showReleaseNotes': false,
  'window.restoreWindows': 'none',
  'editor.minimap.enabled': false,
  'editor.codeLens': false, // they come late and move the lines that a test is about to click
  'debug.onTaskErrors': 'debugAnyway',
};
