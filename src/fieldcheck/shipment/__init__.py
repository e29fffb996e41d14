"""A whole shipment: photos put together as items, likeness among them, and every item checked, over all cores."""
