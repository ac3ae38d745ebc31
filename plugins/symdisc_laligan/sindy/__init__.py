"""Sparse equations for latent velocities, trained together with the encoder."""
