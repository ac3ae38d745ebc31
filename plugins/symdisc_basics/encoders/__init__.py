"""Built-in encoders, one module each, and what they share."""

from symdisc_basics.encoders.identity import Identity as Identity
from symdisc_basics.encoders.mlp import MLPEncoder as MLPEncoder
from symdisc_basics.encoders.mlp import MLPEncoderOptions as MLPEncoderOptions
