"""From a target and a library to a short list: each stage leaves only what is worth the next, dearer one."""
