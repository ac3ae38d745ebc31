"""Kernel backends: implementations of the fused matrix exponential and group action."""

from symdisc_kernels import KernelBackend

__all__ = ["KernelBackend"]
