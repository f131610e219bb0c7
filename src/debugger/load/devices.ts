// Devices that a PC does not have by itself, by the names people give.

import { EXTRA_DEVICES, type ExtraDevice } from '../../machine/types';

export const isExtraDevice = (name: string): name is ExtraDevice => (EXTRA_DEVICES as readonly string[]).includes(name);

export const deviceProblem = (name: string): string =>
  `there is no device ${name}; there are ${EXTRA_DEVICES.join(' and ')}`;
