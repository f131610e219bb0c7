// Which file of a folder F5 starts: the same answer as `ringside run FOLDER` gives.
export { bootFileOf, isBootSource, rootOf, type Candidate } from '../asm/bootFile';
