// What three papers measured on machines that we do not have, as their abstracts say it.

/** A published ratio. */
export interface PaperFigure {
  readonly paper: string;
  readonly source: string;
  readonly cores: number;
  /** What is compared with what. */
  readonly what: string;
  readonly ratio: number;
}

/** In the order of the papers. */
export const ACCEPT_PAPERS: readonly PaperFigure[] = [
  {
    paper: "MegaPipe",
    source: "Han et al., OSDI 2012, abstract",
    cores: 8,
    what: "short connections, over epoll with a shared listener",
    ratio: 6.82,
  },
  {
    paper: "Affinity-Accept",
    source: "Pesterev et al., EuroSys 2012, abstract",
    cores: 48,
    what: "Apache, connections on the core of their flow over connections on any",
    ratio: 1.24,
  },
  {
    paper: "Fastsocket",
    source: "Lin et al., ASPLOS 2016, abstract",
    cores: 24,
    what: "short connections, over one core",
    ratio: 20.4,
  },
  {
    paper: "Fastsocket",
    source: "Lin et al., ASPLOS 2016, abstract",
    cores: 24,
    what: "nginx, over the base kernel",
    ratio: 3.67,
  },
  {
    paper: "Fastsocket",
    source: "Lin et al., ASPLOS 2016, abstract",
    cores: 24,
    what: "HAProxy, over the base kernel",
    ratio: 7.21,
  },
];
