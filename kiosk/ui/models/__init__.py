"""List models for QML. Each says its roles; rows come finished from a view-model."""
