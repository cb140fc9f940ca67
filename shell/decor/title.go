package decor

const ownerMax = 240
