// What a file is by its name: assembly source, include file, disk image.

const SOURCE = /\.(asm|nasm|s)$/i;
const INCLUDE = /\.(inc|mac)$/i;
const IMAGE = /\.(img|ima|bin|flp|vfd|dsk|raw|hdd)$/i;

export const isSourceName = (path: string): boolean => SOURCE.test(path);
export const isIncludeName = (path: string): boolean => INCLUDE.test(path);
export const isImageName = (path: string): boolean => IMAGE.test(path);
