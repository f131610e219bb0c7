// Every feature the server has.
import type { Handler } from '../handler';
import { acting, calling, formatting } from './editing';
import { hinting, lensing, valuing } from './hinting';
import { defining, outlining, referring, renaming } from './navigating';
import { colouring, completing, folding, hovering, linking, signing } from './reading';

export const HANDLERS: readonly Handler[] = [
  hovering,
  completing,
  signing,
  defining,
  referring,
  renaming,
  outlining,
  colouring,
  folding,
  linking,
  hinting,
  lensing,
  valuing,
  acting,
  formatting,
  calling,
];
