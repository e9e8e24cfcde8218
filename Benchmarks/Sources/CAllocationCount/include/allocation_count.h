#pragma once

// Number of blocks that malloc and its relatives have handed out in this process: they are interposed here.
unsigned long allocation_count(void);
